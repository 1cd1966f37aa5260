import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account, Grant, Membership } from '#core/people.ts';
import type { Directory } from '#ports/directory.ts';

/** A workspace with people of every kind, all of them in the grants, and how to disturb it. */
export interface DirectoryBench {
  readonly directory: Directory;
  /** A grant that may give rights: private, unshared. */
  readonly grant: Grant;
  /** Grants that must not, by what is wrong with them; leave out what the platform does not know. */
  readonly unusable: Readonly<Record<string, Grant>>;
  /** `outsider` is a full member of the organisation who is not in the grants. */
  readonly accounts: Readonly<Record<'member' | 'outsider' | 'inactive', Account>> & {
    /** Where the platform knows such; `external` is from another organisation. */
    readonly [kind in 'guest' | 'bot' | 'external']?: Account;
  };
  join(grant: Grant, account: Account): Promise<void>;
  leave(grant: Grant, account: Account): Promise<void>;
  /** While true, the platform answers nothing useful. */
  outage(on: boolean): Promise<void>;
  close(): Promise<void>;
}

/** What every directory promises: who counts, who never does, and that doubt is never a yes. */
export function directoryContract(name: string, create: () => Promise<DirectoryBench>): void {
  describe(`${name} as a directory`, () => {
    let bench: DirectoryBench;
    beforeEach(async () => {
      bench = await create();
    });
    afterEach(() => bench.close());

    const ask = (account: Account, grant = bench.grant): Promise<Membership> =>
      bench.directory.membership(grant, account, true);

    it('counts a member, with evidence and the time of asking', async () => {
      const { grant, accounts, directory } = bench;
      expect(directory.platform).toBe(accounts.member.platform);
      const membership = await ask(accounts.member);
      expect(membership).toMatchObject({ grant, answer: 'yes', because: null });
      expect(membership.evidence).not.toBe('');
      expect(membership.asOf).toBeGreaterThan(0);
    });

    it('does not count who is not in it', async () => {
      expect(await ask(bench.accounts.outsider)).toMatchObject({
        answer: 'no',
        because: 'not_member',
      });
    });

    it.each(['guest', 'bot', 'inactive', 'external'] as const)(
      'does not count a %s although the platform lists them',
      async (kind) => {
        const account = bench.accounts[kind];
        if (account === undefined) return;
        expect(await ask(account)).toMatchObject({ answer: 'no', because: kind });
      },
    );

    it('does not count an account of another workspace that has the same id', async () => {
      const { member } = bench.accounts;
      const foreign = { ...member, tenant: `${member.tenant.slice(0, -1)}9x` };
      expect(await ask(foreign)).toMatchObject({ answer: 'no', because: 'wrong_tenant' });
    });

    it('counts people named in the settings only while their account is a full one', async () => {
      const people: Grant = { kind: 'people', people: ['somebody'] };
      expect((await ask(bench.accounts.member, people)).answer).toBe('yes');
      expect(await ask(bench.accounts.inactive, people)).toMatchObject({
        answer: 'no',
        because: 'inactive',
      });
      for (const kind of ['bot', 'guest'] as const) {
        const account = bench.accounts[kind];
        if (account !== undefined) expect((await ask(account, people)).answer).toBe('no');
      }
    });

    it('sees who joined and who left when asked anew', async () => {
      const { grant, accounts } = bench;
      await ask(accounts.member);
      await bench.leave(grant, accounts.member);
      expect((await ask(accounts.member)).answer).toBe('no');
      await bench.join(grant, accounts.outsider);
      expect((await ask(accounts.outsider)).answer).toBe('yes');
    });

    it('lists who is there, where it lists at all', async () => {
      const { directory, grant, accounts } = bench;
      if (directory.members === undefined) return;
      const listed = async () => (await directory.members?.(grant))?.map(({ user }) => user);
      expect(await listed()).toContain(accounts.member.user);
      expect(await listed()).not.toContain(accounts.outsider.user);
      await bench.leave(grant, accounts.member);
      await bench.join(grant, accounts.outsider);
      expect(await listed()).not.toContain(accounts.member.user);
      expect(await listed()).toContain(accounts.outsider.user);
      await bench.outage(true);
      expect(await listed()).toBeUndefined();
      await bench.outage(false);
      expect(await directory.members({ kind: 'people', people: ['somebody'] })).toBeNull();
    });

    it('accepts a private, unshared source and refuses every other, with a reason', async () => {
      const { directory, grant, unusable, accounts } = bench;
      expect(await directory.validateGrant(grant)).toMatchObject({ usable: true });
      for (const [kind, source] of Object.entries(unusable)) {
        const validity = await directory.validateGrant(source);
        expect([kind, validity.usable]).toEqual([kind, false]);
        expect(validity.because).toMatch(/\.$/);
        const membership = await ask(accounts.member, source);
        expect([kind, membership.answer]).toEqual([kind, 'no']);
        expect(membership.because).toBe('bad_source');
      }
    });

    it('says that it does not know when it cannot ask, and never throws', async () => {
      const { accounts, directory, grant } = bench;
      await bench.outage(true);
      expect(await ask(accounts.member)).toMatchObject({
        answer: 'unknown',
        because: 'unreachable',
      });
      expect(await directory.validateGrant(grant)).toMatchObject({ usable: false, unsure: true });
      await bench.outage(false);
      expect((await ask(accounts.member)).answer).toBe('yes');
    });
  });
}
