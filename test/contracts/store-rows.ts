import { describe, expect, it } from 'vitest';
import type { MessageRef } from '#ports/chat.ts';
import { ada, desired, inbound, type StoreSubject, unique, view } from './store-subject.ts';

/** Inbox, live messages, buttons, links, samples and the console's messages. */
export function rowsContract(subject: () => StoreSubject): void {
  const store = (): StoreSubject['store'] => subject().store;

  describe('inbox', () => {
    it('takes each delivery once, in one call and over several', async () => {
      const [a, b, c] = [unique('d'), unique('d'), unique('d')];
      const first = await store().transact((tx) =>
        tx.receive([inbound(a), inbound(b), inbound(a)]),
      );
      expect(first.map((row) => row.fresh)).toEqual([true, true, false]);
      expect(first[2]?.id).toBe(first[0]?.id);
      const again = await store().transact((tx) => tx.receive([inbound(b), inbound(c)]));
      expect(again.map((row) => row.fresh)).toEqual([false, true]);
      expect(again[0]?.id).toBe(first[1]?.id);
      expect(await store().transact((tx) => tx.receive([]))).toEqual([]);
    });

    it('tells one id apart by source', async () => {
      const id = unique('d');
      const rows = await store().transact((tx) =>
        tx.receive([inbound(id), { ...inbound(id), source: 'cli' }]),
      );
      expect(rows.map((row) => row.fresh)).toEqual([true, true]);
    });

    it('lets exactly one of several concurrent deliveries be fresh', async () => {
      const id = unique('d');
      const all = await Promise.all(
        Array.from({ length: 6 }, () => store().transact((tx) => tx.receive([inbound(id)]))),
      );
      expect(all.flat().filter((row) => row.fresh)).toHaveLength(1);
      expect(new Set(all.flat().map((row) => row.id)).size).toBe(1);
    });

    it('gives back what arrived, and finishes it once', async () => {
      const id = unique('d');
      const [received] = await store().transact((tx) => tx.receive([inbound(id)]));
      const key = received?.id ?? 0;
      const row = await store().transact((tx) => tx.inboxRow(key));
      expect(row).toMatchObject({ id: key, inbound: inbound(id), doneAt: null });
      const soon = (row?.arrivedAt ?? 0) + 1;
      const open = await store().transact((tx) => tx.unfinishedInbox(soon, 1000));
      expect(open.map((each) => each.id)).toContain(key);
      expect(
        await store().transact((tx) => tx.unfinishedInbox(row?.arrivedAt ?? 0, 1000)),
      ).not.toContainEqual(row);
      expect(await store().transact((tx) => tx.finishInbox(key, 'done'))).toBe(true);
      expect(await store().transact((tx) => tx.finishInbox(key, 'done'))).toBe(false);
      const left = await store().transact((tx) => tx.unfinishedInbox(soon, 1000));
      expect(left.map((each) => each.id)).not.toContain(key);
      expect(await store().transact((tx) => tx.inboxRow(1_000_000))).toBeNull();
    });
  });

  describe('surfaces', () => {
    const message = {
      channel: { platform: 'console', tenant: 'local', channel: 'releases', thread: null },
      message: '17',
    };
    const due = async (id: string, at: number) => {
      const found = await store().transact((tx) => tx.dueSurfaces(at, 1000));
      return found.some((surface) => surface.id === id);
    };
    const read = (id: string) => store().transact((tx) => tx.surface(id));

    it('is one row, overwritten; a new revision only for another hash', async () => {
      const id = unique('surface');
      await store().transact((tx) => tx.desire(desired(id, 'one')));
      const made = await read(id);
      expect(made).toMatchObject({
        desiredRevision: 1,
        deliveredRevision: 0,
        deliveredHash: null,
        message: null,
        failures: 0,
        desired: view('one'),
      });
      await store().transact((tx) => tx.desire(desired(id, 'one', { urgency: 1, final: true })));
      expect(await read(id)).toMatchObject({ desiredRevision: 1, urgency: 1, final: true });
      await store().transact((tx) => tx.desire(desired(id, 'two')));
      expect(await read(id)).toMatchObject({
        desiredRevision: 2,
        desired: view('two'),
        final: false,
      });
      expect(await read(unique('surface'))).toBeNull();
    });

    it('keeps the greater urgency until that news is delivered', async () => {
      const id = unique('surface');
      await store().transact((tx) => tx.desire(desired(id, 'phase', { urgency: 1 })));
      await store().transact((tx) => tx.desire(desired(id, 'tick', { urgency: 3 })));
      expect(await read(id)).toMatchObject({ urgency: 1, desired: view('tick') });
      await store().transact((tx) => tx.delivered(id, 2, 'hash of tick', message, 1));
      await store().transact((tx) => tx.desire(desired(id, 'tock', { urgency: 3 })));
      expect(await read(id)).toMatchObject({ urgency: 3 });
    });

    it('is found by the message that it was delivered as', async () => {
      const id = unique('surface');
      const own = { ...message, message: unique('message') };
      await store().transact((tx) => tx.desire(desired(id, 'one')));
      await store().transact((tx) => tx.delivered(id, 1, 'hash of one', own, 1));
      const find = async (wanted: MessageRef) =>
        (await store().transact((tx) => tx.surfaceOfMessage(wanted)))?.id ?? null;
      expect(await find(own)).toBe(id);
      expect(await find({ ...own, channel: { ...own.channel, thread: own.message } })).toBe(id);
      expect(await find({ ...own, channel: { ...own.channel, tenant: 'other' } })).toBeNull();
      expect(await find({ ...own, message: unique('message') })).toBeNull();
      await store().transact((tx) => tx.postpone(id, 1, 'gone'));
      expect(await find(own)).toBeNull();
    });

    it('gives what is due on one platform alone', async () => {
      const here = unique('surface');
      const there = unique('surface');
      const channel = { platform: 'elsewhere', tenant: 'T', channel: 'C', thread: null };
      await store().transact(async (tx) => {
        await tx.desire(desired(here, 'one'));
        await tx.desire(desired(there, 'one', { channel }));
      });
      const found = await store().transact((tx) =>
        tx.dueSurfaces(Number.MAX_SAFE_INTEGER, 1000, 'elsewhere'),
      );
      expect(found.map(({ id }) => id)).toContain(there);
      expect(found.map(({ id }) => id)).not.toContain(here);
    });

    it('is due until the desired hash is delivered', async () => {
      const id = unique('surface');
      const now = await store().transact(async (tx) => {
        await tx.desire(desired(id, 'one'));
        return tx.now;
      });
      expect(await due(id, now)).toBe(true);
      await store().transact((tx) => tx.delivered(id, 1, 'hash of one', message, 42));
      expect(await due(id, now)).toBe(false);
      expect(await read(id)).toMatchObject({ message, anchoredAt: 42, deliveredRevision: 1 });
      await store().transact((tx) => tx.desire(desired(id, 'two')));
      expect(await due(id, now + 60_000)).toBe(true);
    });

    it('ignores the record of an older delivery', async () => {
      const id = unique('surface');
      await store().transact((tx) => tx.desire(desired(id, 'one')));
      await store().transact((tx) => tx.desire(desired(id, 'two')));
      await store().transact((tx) => tx.delivered(id, 2, 'hash of two', message, 2));
      await store().transact((tx) => tx.delivered(id, 1, 'hash of one', message, 1));
      expect(await read(id)).toMatchObject({
        deliveredRevision: 2,
        deliveredHash: 'hash of two',
        anchoredAt: 2,
      });
    });

    it('puts off, remembers failures, and starts anew when the message is gone', async () => {
      const id = unique('surface');
      await store().transact((tx) => tx.desire(desired(id, 'one')));
      const far = ((await read(id))?.desiredAt ?? 0) + 100_000;
      await store().transact((tx) => tx.postpone(id, far, 'budget'));
      expect(await read(id)).toMatchObject({ failures: 0, nextDueAt: far });
      expect(await due(id, far - 1)).toBe(false);
      await store().transact((tx) => tx.desire(desired(id, 'fresh news')));
      expect((await read(id))?.nextDueAt).toBeLessThan(far);
      await store().transact((tx) => tx.postpone(id, far, 'failed'));
      await store().transact((tx) => tx.postpone(id, far, 'ambiguous'));
      expect(await read(id)).toMatchObject({ failures: 2, ambiguous: true });
      await store().transact((tx) => tx.desire(desired(id, 'while it fails')));
      expect((await read(id))?.nextDueAt).toBe(far);
      await store().transact((tx) => tx.delivered(id, 3, 'hash of while it fails', message, 1));
      expect(await read(id)).toMatchObject({ failures: 0, ambiguous: false });
      await store().transact((tx) => tx.postpone(id, far, 'gone'));
      expect(await read(id)).toMatchObject({
        message: null,
        deliveredHash: null,
        anchoredAt: null,
      });
      expect(await due(id, far)).toBe(true);
    });

    it('gives the most urgent first', async () => {
      const ids = [unique('surface'), unique('surface'), unique('surface')];
      await store().transact(async (tx) => {
        await tx.desire(desired(ids[0] ?? '', 'tick', { urgency: 3 }));
        await tx.desire(
          desired(ids[1] ?? '', 'answer', {
            urgency: 0,
            parent: ids[0] ?? '',
            account: { tenant: 't', user: 'u' },
          }),
        );
        await tx.desire(desired(ids[2] ?? '', 'alert', { urgency: 1 }));
      });
      const found = await store().transact((tx) => tx.dueSurfaces(Number.MAX_SAFE_INTEGER, 1000));
      const order = found.map((surface) => ids.indexOf(surface.id)).filter((index) => index >= 0);
      expect(order).toEqual([1, 2, 0]);
      expect(await read(ids[1] ?? '')).toMatchObject({
        parent: ids[0],
        account: { tenant: 't', user: 'u' },
      });
    });
  });

  describe('actions, links, samples', () => {
    it('keeps what a button stands for, the first time it is said', async () => {
      const token = unique('token');
      const action = {
        token,
        command: 'approve',
        args: { rollout: 'api-1' },
        planHash: null,
        rollout: 'api-1',
        expiresAt: 9,
      };
      await store().transact((tx) => tx.storeActions([action, { ...action, command: 'other' }]));
      await store().transact((tx) => tx.storeActions([{ ...action, command: 'deny' }]));
      expect(await store().transact((tx) => tx.action(token))).toEqual(action);
      expect(await store().transact((tx) => tx.action(unique('token')))).toBeNull();
      await store().transact((tx) => tx.storeActions([]));
    });

    it('links accounts to a person and unlinks them', async () => {
      const person = unique('person');
      const account = { ...ada.account, user: person };
      expect(await store().transact((tx) => tx.personOf(account))).toBeNull();
      await store().transact((tx) => tx.link(account, 'somebody else'));
      await store().transact((tx) => tx.link(account, person));
      expect(await store().transact((tx) => tx.personOf(account))).toBe(person);
      expect(await store().transact((tx) => tx.accountsOf(person))).toEqual([account]);
      await store().transact((tx) => tx.unlink(account));
      expect(await store().transact((tx) => tx.accountsOf(person))).toEqual([]);
    });

    it('knows since when an account was seen in a source', async () => {
      const [source, other] = [unique('source'), unique('source')];
      const seen = (account: string, since: number) => ({ account, since });
      await store().transact((tx) => tx.see(source, [seen('a', 7), seen('b', 5), seen('a', 6)]));
      await store().transact((tx) => tx.see(source, [seen('a', 8), seen('b', 3)]));
      await store().transact((tx) => tx.see(other, [seen('a', 1)]));
      const all = await store().transact((tx) => tx.sightingsIn(source));
      expect(all).toEqual([seen('a', 6), seen('b', 3)]);
      expect(await store().transact((tx) => tx.seenSince(source, 'b'))).toBe(3);
      await store().transact((tx) => tx.unsee(source, ['b', 'nobody']));
      expect(await store().transact((tx) => tx.seenSince(source, 'b'))).toBeNull();
      expect(await store().transact((tx) => tx.seenSince(other, 'a'))).toBe(1);
      await store().transact((tx) => tx.see(source, []));
      await store().transact((tx) => tx.unsee(source, []));
    });

    it('takes a ticket once, and not after its time', async () => {
      const [good, old] = [unique('ticket'), unique('ticket')];
      const now = await store().databaseNow();
      const ticket = {
        token: good,
        person: 'ada',
        from: ada.account,
        expiresAt: now + 600_000,
        usedAt: null,
        resume: { click: ['\u0000'] },
      };
      await store().transact((tx) => tx.storeTicket(ticket));
      await store().transact((tx) =>
        tx.storeTicket({ ...ticket, token: old, expiresAt: now - 600_000 }),
      );
      expect(await store().transact((tx) => tx.ticket(good))).toEqual(ticket);
      expect(await store().transact((tx) => tx.ticket(old))).toBeNull();
      const takes = await Promise.all(
        [1, 2, 3].map(() => store().transact((tx) => tx.takeTicket(good))),
      );
      const taken = takes.filter((each) => each !== null);
      expect(taken).toEqual([{ ...ticket, usedAt: expect.any(Number) }]);
      expect(await store().transact((tx) => tx.ticket(good))).toBeNull();
      expect(await store().transact((tx) => tx.takeTicket(old))).toBeNull();
      expect(await store().transact((tx) => tx.takeTicket(unique('ticket')))).toBeNull();
    });

    it('keeps samples as they were first stored', async () => {
      const [id, other, rollout] = [unique('samples'), unique('samples'), unique('rollout')];
      await store().transact((tx) => tx.storeSamples(id, rollout, '{"b":1,"a":"\\u0000"}'));
      await store().transact((tx) => tx.storeSamples(id, rollout, '{}'));
      await store().transact((tx) => tx.storeSamples(other, rollout, '[]'));
      expect(await store().transact((tx) => tx.samples(id))).toBe('{"b":1,"a":"\\u0000"}');
      expect(
        (await store().transact((tx) => tx.samplesOf(rollout))).map((each) => each.id),
      ).toEqual([id, other]);
      expect(await store().transact((tx) => tx.samples(unique('samples')))).toBeNull();
    });
  });

  describe('console', () => {
    it('posts once per key, edits, pages, and tells what changed', async () => {
      const channel = unique('channel');
      const post = (key: string, thread: number | null = null, title = key) =>
        store().transact((tx) =>
          tx.postConsole({
            channel,
            thread,
            key,
            author: null,
            authorName: 'Signalbox',
            onlyFor: null,
            view: view(title),
          }),
        );
      const [a, b] = [unique('key'), unique('key')];
      const first = await post(a);
      const second = await post(b);
      expect(await post(a, null, 'again')).toEqual(first);
      const reply = await post(unique('key'), first.id);
      expect(second.change).toBeGreaterThan(first.change);
      const page = (thread: number | null, limit: number, beforeId?: number) =>
        store().transact((tx) =>
          tx.consoleMessages({
            channel,
            thread,
            limit,
            ...(beforeId === undefined ? {} : { beforeId }),
          }),
        );
      expect(await page(null, 10)).toEqual([second, first]);
      expect(await page(null, 1)).toEqual([second]);
      expect(await page(null, 10, second.id)).toEqual([first]);
      expect(await page(first.id, 10)).toEqual([reply]);
      const edited = await store().transact((tx) => tx.editConsole(first.id, view('edited')));
      expect(edited).toMatchObject({
        id: first.id,
        view: view('edited'),
        editedAt: expect.any(Number),
      });
      expect(await store().transact((tx) => tx.findConsole(a))).toEqual(edited);
      const changes = await store().transact((tx) => tx.consoleChanges(first.change, 1000));
      expect(changes.filter((each) => each.channel === channel)).toEqual([second, reply, edited]);
      expect(await store().transact((tx) => tx.editConsole(1_000_000, view('none')))).toBeNull();
      expect(await store().transact((tx) => tx.findConsole(unique('key')))).toBeNull();
    });

    it('shows private messages to one user, and counts the replies that all may see', async () => {
      const channel = unique('channel');
      const post = (thread: number | null, onlyFor: string | null) =>
        store().transact((tx) =>
          tx.postConsole({
            channel,
            thread,
            key: unique('key'),
            author: null,
            authorName: 'Signalbox',
            onlyFor,
            view: view('said'),
          }),
        );
      const parent = await post(null, null);
      const secret = await post(null, 'ada');
      const replies = [
        await post(parent.id, null),
        await post(parent.id, 'bob'),
        await post(parent.id, null),
      ];
      const seen = (visibleTo: string) =>
        store().transact((tx) =>
          tx.consoleMessages({ channel, thread: null, visibleTo, limit: 10 }),
        );
      expect(await seen('ada')).toEqual([secret, parent]);
      expect(await seen('bob')).toEqual([parent]);
      expect(await store().transact((tx) => tx.consoleThreads([parent.id, secret.id]))).toEqual([
        { message: parent.id, replies: 2, lastAt: replies[2]?.postedAt },
      ]);
      expect(await store().transact((tx) => tx.consoleThreads([]))).toEqual([]);
      expect(await store().transact((tx) => tx.consoleMessage(secret.id))).toEqual(secret);
      expect(await store().transact((tx) => tx.consoleMessage(1_000_000))).toBeNull();
      expect(await store().transact((tx) => tx.consoleHead())).toBe(replies[2]?.change);
    });

    it('remembers what was read and who signed in', async () => {
      const [user, channel] = [unique('user'), unique('channel')];
      for (const id of [3, 7, 5])
        await store().transact((tx) => tx.markConsoleRead(user, channel, id));
      expect(await store().transact((tx) => tx.consoleReads(user))).toEqual([{ channel, id: 7 }]);
      expect(await store().transact((tx) => tx.consoleReads(unique('user')))).toEqual([]);
      const account = { user, name: 'Ada', groups: ['engineers', 'on call'], asOf: 5 };
      await store().transact((tx) => tx.storeConsoleAccount({ ...account, groups: [] }));
      await store().transact((tx) => tx.storeConsoleAccount(account));
      expect(await store().transact((tx) => tx.consoleAccount(user))).toEqual(account);
      expect(await store().transact((tx) => tx.consoleAccount(unique('user')))).toBeNull();
    });

    it('remembers which sessions were ended, one by one or all that began so far', async () => {
      const user = unique('user');
      const out = (session: string, begunAt: number, who = user) =>
        store().transact((tx) => tx.consoleSignedOut({ user: who, session, begunAt }));
      const end = (session: string | null, at: number) =>
        store().transact((tx) => tx.signOutConsole({ user, session, at, until: at + 100 }));
      await end('one', 20);
      expect([await out('one', 10), await out('two', 10)]).toEqual([true, false]);
      expect(await out('one', 10, unique('user'))).toBe(false);
      await end(null, 30);
      await end(null, 25);
      expect([await out('two', 30), await out('three', 31)]).toEqual([true, false]);
      await end('four', 125);
      expect([await out('one', 31), await out('two', 30)]).toEqual([false, true]);
    });
  });
}
