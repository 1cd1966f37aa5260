import { describe, expect, it } from 'vitest';
import { createConsoleDirectory } from '#adapters/console/directory.ts';
import { createRoster } from '#adapters/console/roster.ts';
import { createMemoryStore } from '#adapters/memory/store.ts';
import { Fault } from '#core/fault.ts';
import type { Account, Grant } from '#core/people.ts';
import { Settings } from '#core/settings/settings.ts';
import type { Store } from '#ports/store.ts';
import { directoryContract } from '../../contracts/directory.ts';
import { townSettings } from './town/town-settings.ts';

const withOidc = Settings.parse({
  ...townSettings,
  platforms: {
    console: {
      options: {
        oidc: { issuer: 'https://id.example', clientId: 'signalbox' },
        channels: {
          lobby: { open: true },
          approvers: { groups: ['release-approvers'], members: ['mary'] },
        },
      },
    },
  },
});
const source = { platform: 'console', tenant: 'console' } as const;
const approvers: Grant = { ...source, kind: 'channel', channel: 'approvers' };

function account(user: string): Account {
  return { platform: 'console', tenant: 'console', user };
}

function createBench() {
  let at = 10 * 3_600_000;
  let down = false;
  const { store } = createMemoryStore({ clock: { now: () => at } });
  const flaky: Store = {
    ...store,
    healthy: async () => !down,
    transact: (run) =>
      down
        ? Promise.reject(new Fault('store.unavailable', 'down', { retryable: true }))
        : store.transact(run),
  };
  const directory = createConsoleDirectory({
    roster: createRoster(() => withOidc),
    store: flaky,
    clock: { now: () => at },
  });
  async function signIn(user: string, groups: readonly string[]): Promise<void> {
    await store.transact((tx) => tx.storeConsoleAccount({ user, name: user, groups, asOf: at }));
  }
  return {
    directory,
    signIn,
    outage: (on: boolean) => {
      down = on;
    },
    pass: (hours: number) => {
      at += hours * 3_600_000;
    },
  };
}

directoryContract('console', async () => {
  const bench = createBench();
  await bench.signIn('grace', ['release-approvers']);
  return {
    directory: bench.directory,
    grant: approvers,
    unusable: {
      open: { ...source, kind: 'channel', channel: 'lobby' },
      unknown: { ...source, kind: 'channel', channel: 'nowhere' },
      foreign: { ...source, tenant: 'T1', kind: 'channel', channel: 'approvers' },
    },
    accounts: {
      member: account('grace'),
      outsider: account('linus'),
      inactive: account('somebody-long-gone'),
    },
    join: (_grant, { user }) => bench.signIn(user, ['release-approvers']),
    leave: (_grant, { user }) => bench.signIn(user, []),
    outage: async (on) => bench.outage(on),
    close: async () => {},
  };
});

describe('groups of the issuer', () => {
  it('count for as long as a session lasts; afterwards it is not known', async () => {
    const bench = createBench();
    await bench.signIn('grace', ['release-approvers']);
    bench.pass(7);
    expect((await ask(bench, 'grace')).answer).toBe('yes');
    bench.pass(2);
    expect(await ask(bench, 'grace')).toMatchObject({ answer: 'unknown', because: 'unreachable' });
    expect((await ask(bench, 'mary')).answer).toBe('yes');
  });

  it('may be a source of roles by themselves', async () => {
    const bench = createBench();
    await bench.signIn('grace', ['release-approvers']);
    const group: Grant = { ...source, kind: 'group', group: 'release-approvers' };
    const asked = await bench.directory.membership(group, account('grace'), true);
    expect(asked).toMatchObject({ answer: 'yes', evidence: expect.stringContaining('holder of') });
    const other = await bench.directory.membership(
      { ...group, group: 'admins' },
      account('grace'),
      true,
    );
    expect(other.answer).toBe('no');
  });
});

function ask(bench: ReturnType<typeof createBench>, user: string) {
  return bench.directory.membership(approvers, account(user), true);
}
