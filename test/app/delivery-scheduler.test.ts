import { describe, expect, it } from 'vitest';
import { Fault } from '#core/fault.ts';
import { channel, createDeliveryBench, view } from './delivery-bench.ts';

describe('the delivery scheduler', () => {
  it('posts what is wanted, edits it in place, and rests when there is nothing new', async () => {
    const bench = createDeliveryBench();
    await bench.desire('card', 'one');
    await bench.round();
    await bench.desire('card', 'two');
    await bench.round();
    await bench.round();
    expect(bench.sent()).toEqual(['post one', 'edit two']);
    expect(bench.titles()).toEqual(['two']);
    expect(bench.points).toEqual(['before-send', 'after-send', 'before-send', 'after-send']);
  });

  it('sends only the newest wording', async () => {
    const bench = createDeliveryBench();
    for (const title of ['one', 'two', 'three']) await bench.desire('card', title);
    await bench.round();
    expect(bench.sent()).toEqual(['post three']);
    expect(bench.counted('deliveries_coalesced_total')).toBe(2);
  });

  it('posts a card before the notes of its thread, and these in their order', async () => {
    const bench = createDeliveryBench();
    for (const note of ['first', 'second', 'third']) {
      await bench.desire(`note ${note}`, note, { parent: 'card', final: true });
      bench.pass(1);
    }
    await bench.desire('card', 'the card');
    await bench.rounds(5);
    expect(bench.sent()).toEqual(['post the card', 'post first', 'post second', 'post third']);
    const [card] = bench.chat.world.messages(channel('one'));
    const thread = { ...channel('one'), thread: card?.ref.message ?? '' };
    expect(bench.titles(thread)).toEqual(['first', 'second', 'third']);
  });

  it('puts the notes of a card off that cannot be posted, and brings them with it', async () => {
    const bench = createDeliveryBench();
    bench.chat.world.faults.failNext('post', { kind: 'not_allowed' });
    await bench.desire('card', 'card');
    await bench.desire('note', 'note', { parent: 'card', final: true });
    await bench.rounds(2);
    const card = await bench.surface('card');
    expect((await bench.surface('note'))?.nextDueAt).toBeGreaterThan(card?.nextDueAt ?? 0);
    await bench.rounds(12);
    expect(bench.sent()).toEqual(['post card', 'post card', 'post note']);
  });

  it('goes on editing what hangs in a thread', async () => {
    const bench = createDeliveryBench();
    await bench.desire('card', 'card');
    await bench.desire('metrics', 'look one', { parent: 'card' });
    await bench.rounds(2);
    for (const look of ['look two', 'look three']) {
      bench.pass(60);
      await bench.desire('metrics', look, { parent: 'card' });
      await bench.rounds(2);
    }
    expect(bench.sent()).toEqual([
      ...['post card', 'post look one', 'edit look two', 'edit look three'],
    ]);
  });

  it('does not lose a note whose card nobody wanted', async () => {
    const bench = createDeliveryBench();
    await bench.desire('note', 'orphan', { parent: 'nowhere', final: true });
    await bench.round();
    expect(bench.titles()).toEqual(['orphan']);
  });

  it('lets the urgent pass and holds the rest of the budget back for them', async () => {
    const scopes = () => [{ scope: 'all', capacity: 5, perSecond: 0.001 }];
    const bench = createDeliveryBench({ scopes });
    for (let index = 0; index < 8; index += 1) {
      await bench.desire(`tick ${index}`, `tick ${index}`, { urgency: 3 });
    }
    await bench.desire('alert', 'alert', { urgency: 1 });
    await bench.round();
    expect(bench.sent()[0]).toBe('post alert');
    expect(bench.sent()).toHaveLength(4);
    await bench.desire('answer', 'answer', { urgency: 0 });
    await bench.round();
    expect(bench.sent().at(-1)).toBe('post answer');
    expect(bench.sent()).toHaveLength(5);
  });

  it('freezes the refused scope alone, for as long as it was told', async () => {
    const bench = createDeliveryBench();
    const scope = bench.chat.platform.scopes('post', channel('one'))[0]?.scope ?? '';
    bench.chat.world.faults.failNext('post', { kind: 'rate_limited', scope, retryAfterMs: 5000 });
    await bench.desire('a', 'a');
    await bench.round();
    await bench.desire('b', 'b', { channel: channel('two') });
    await bench.rounds(4);
    expect(bench.titles()).toEqual([]);
    expect(bench.titles(channel('two'))).toEqual(['b']);
    expect(bench.counted('rate_limited_total')).toBe(1);
    await bench.rounds(3);
    expect(bench.titles()).toEqual(['a']);
    expect(bench.sent()).toEqual(['post a', 'post b', 'post a']);
  });

  it.each([
    ['arrived', true],
    ['was lost', false],
  ])('makes one message of an unclear send that %s', async (_, done) => {
    const bench = createDeliveryBench();
    bench.chat.world.faults.failNext('post', { kind: 'ambiguous', done });
    await bench.desire('card', 'one');
    await bench.round();
    expect((await bench.surface('card'))?.ambiguous).toBe(true);
    await bench.desire('card', 'two');
    bench.pass(1000);
    await bench.round();
    expect(bench.titles()).toEqual(['two']);
    expect(await bench.surface('card')).toMatchObject({ ambiguous: false, deliveredHash: 'two' });
  });

  it('posts anew when the message is gone, and says so', async () => {
    const bench = createDeliveryBench();
    await bench.desire('card', 'one');
    await bench.round();
    const [old] = bench.chat.world.messages(channel('one'));
    if (old !== undefined) bench.chat.world.remove(old.ref);
    await bench.desire('card', 'two');
    await bench.rounds(2);
    const [anew] = bench.chat.world.messages(channel('one'));
    expect(anew?.view.title).toBe('two');
    expect(JSON.stringify(anew?.view)).toContain('the earlier message is no longer there');
  });

  it('posts the card anew when its thread is gone, then the note', async () => {
    const bench = createDeliveryBench();
    await bench.desire('card', 'card');
    await bench.round();
    bench.chat.world.faults.failNext('post', { kind: 'gone' });
    await bench.desire('note', 'note', { parent: 'card', final: true });
    await bench.rounds(4);
    expect(bench.sent()).toEqual(['post card', 'post note', 'post card', 'post note']);
  });

  it('posts anew before a message is too old to edit, and leaves a pointer', async () => {
    const bench = createDeliveryBench({ capabilities: { editAgeMaxMs: 3_600_000 } });
    await bench.desire('card', 'one');
    await bench.round();
    bench.pass(49 * 60_000);
    await bench.desire('card', 'two');
    await bench.round();
    bench.pass(2 * 60_000);
    await bench.desire('card', 'three');
    await bench.round();
    const [old, anew] = bench.chat.world.messages(channel('one'));
    expect(bench.sent()).toEqual(['post one', 'edit two', 'post three', 'edit three']);
    expect(old?.view.summary).toContain('continues in a newer message');
    expect(anew?.view).toEqual(view('three'));
  });

  it('leaves a platform alone whose credentials do not count any more', async () => {
    const bench = createDeliveryBench();
    bench.chat.world.faults.failAll({ kind: 'auth_lost' });
    for (const id of ['a', 'b', 'c']) await bench.desire(id, id);
    await bench.rounds(20);
    expect(bench.sent()).toHaveLength(3);
    bench.chat.world.faults.failAll(null);
    await bench.rounds(60);
    expect(bench.titles().toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('sends the bare wording where the platform cannot take the message', async () => {
    const bench = createDeliveryBench();
    bench.chat.world.faults.failNext('post', { kind: 'invalid' });
    const rich = { ...view('rich'), blocks: [{ kind: 'divider' as const }] };
    await bench.desire('card', 'rich', { view: rich });
    await bench.round();
    const [shown] = bench.chat.world.messages(channel('one'));
    expect(shown?.view.blocks).toEqual([{ kind: 'text', line: ['rich'] }]);
  });

  it('never gives up a message, at ever longer intervals', async () => {
    const bench = createDeliveryBench();
    bench.chat.world.faults.failAll({ kind: 'unavailable' });
    await bench.desire('end', 'the end', { urgency: 1, final: true });
    await bench.rounds(600);
    const tries = bench.sent().length;
    expect(tries).toBeGreaterThan(8);
    expect(tries).toBeLessThan(25);
    bench.chat.world.faults.failAll(null);
    await bench.rounds(61);
    expect(bench.titles()).toEqual(['the end']);
  });

  it('tells a person alone', async () => {
    const bench = createDeliveryBench();
    const account = { tenant: 'T1', user: 'ada' };
    await bench.desire('word', 'a word', { account, urgency: 0 });
    await bench.round();
    expect(bench.chat.world.told('ada').map((message) => message.view.title)).toEqual(['a word']);
    expect(bench.titles()).toEqual([]);
  });

  it('merges a storm of urgent notes into one post, once', async () => {
    const scopes = () => [{ scope: 'posts', capacity: 1, perSecond: 1 }];
    const bench = createDeliveryBench({ scopes });
    await bench.desire('card', 'card');
    await bench.round();
    bench.pass(1000);
    for (let index = 0; index < 12; index += 1) {
      await bench.desire(`n${index}`, `news ${index}`, { urgency: 1, parent: 'card', final: true });
    }
    await bench.desire('other card', 'urgent card', { urgency: 1 });
    await bench.rounds(5);
    expect(bench.sent()).toEqual(['post card', 'post 13 urgent messages', 'post urgent card']);
    const told = JSON.stringify(bench.chat.world.messages(channel('one'))[1]?.view);
    for (let index = 0; index < 12; index += 1) expect(told).toContain(`news ${index}`);
  });

  it('does not send again what it could not record', async () => {
    const bench = createDeliveryBench();
    let fail = true;
    const transact = bench.store.transact;
    const flaky: typeof transact = (run) =>
      fail && bench.sent().length > 0
        ? Promise.reject(new Fault('store.unavailable', 'gone', { retryable: true }))
        : transact(run);
    Object.assign(bench.needs.store, { transact: flaky });
    await bench.desire('card', 'one');
    await bench.round();
    await expect(bench.scheduler.round()).rejects.toThrow('gone');
    fail = false;
    await bench.rounds(3);
    expect(bench.sent()).toEqual(['post one']);
    expect(await bench.surface('card')).toMatchObject({ deliveredHash: 'one' });
  });

  it('divides the edit budget among the messages that tick', async () => {
    const scopes = (call: string) => [
      { scope: call, capacity: call === 'edit' ? 5 : 100, perSecond: 1 },
    ];
    const bench = createDeliveryBench({ scopes });
    const ids = Array.from({ length: 10 }, (_, index) => `card ${index}`);
    for (const id of ids) await bench.desire(id, id);
    await bench.round();
    for (let second = 0; second < 60; second += 1) {
      for (const id of ids) await bench.desire(id, `${id} at ${second}`, { urgency: 3 });
      await bench.rounds(1);
    }
    const edits = bench.sent().filter((call) => call.startsWith('edit'));
    const perCard = ids.map((id) => edits.filter((call) => call.startsWith(`edit ${id} `)).length);
    expect(Math.max(...perCard) - Math.min(...perCard)).toBeLessThanOrEqual(1);
    expect(edits.length).toBeGreaterThan(40);
    expect(edits.length).toBeLessThanOrEqual(55);
  });
});
