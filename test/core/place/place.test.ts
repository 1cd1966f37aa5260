import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Actor } from '#core/people.ts';
import {
  addWatcher,
  expireLock,
  freeVersion,
  holdVersion,
  lockInForce,
  type PlaceDecision,
  releaseLock,
  settleRelease,
  takeLock,
  tellWatchers,
} from '#core/place/decide.ts';
import { emptyPlace, evolvePlace } from '#core/place/fold.ts';
import { PlaceEvent, PlaceState } from '#core/place.ts';

function actor(person: string): Actor {
  return { person, account: { platform: 'p', tenant: 't', user: person }, displayName: person };
}

function artifact(version: string) {
  const digest = `sha256:${version.charCodeAt(1).toString(16).padStart(64, '0')}`;
  return { service: 'shop', version, digest };
}

/** Applies decisions one after another, a second apart; a refusal changes nothing. */
function placeAfter(...decisions: readonly PlaceDecision[]) {
  let state: PlaceState = emptyPlace('shop', 'production');
  const codes: string[] = [];
  let now = 0;
  for (const decide of decisions) {
    now += 1000;
    const decided = decide(state, now);
    codes.push(decided.ok ? decided.value.map(({ kind }) => kind).join(' ') : decided.refusal.code);
    for (const event of decided.ok ? decided.value : []) state = evolvePlace(state, event, now);
  }
  return { state, codes, now };
}

const take = (person: string, over: { until?: number; steal?: boolean; rollout?: string } = {}) =>
  takeLock({
    by: actor(person),
    reason: 'testing',
    until: over.until ?? null,
    rollout: over.rollout ?? null,
    steal: over.steal ?? false,
  });
const release = (person: string, others = false) =>
  releaseLock({ by: actor(person), reason: '', others });

describe('the lock of a place', () => {
  it.each<[string, readonly PlaceDecision[], readonly string[], string | null]>([
    ['is taken', [take('ada')], ['lock.taken'], 'ada'],
    ['is renewed by its owner', [take('ada'), take('ada')], ['lock.taken', 'lock.taken'], 'ada'],
    ['keeps others out', [take('ada'), take('bob')], ['lock.taken', 'lock.held'], 'ada'],
    [
      'is stolen',
      [take('ada'), take('bob', { steal: true })],
      ['lock.taken', 'lock.stolen lock.taken'],
      'bob',
    ],
    [
      'holds nothing after its time',
      [take('ada', { until: 1500 }), take('bob')],
      ['lock.taken', 'lock.expired lock.taken'],
      'bob',
    ],
    [
      'ends at its very instant',
      [take('ada', { until: 2000 }), take('bob')],
      ['lock.taken', 'lock.expired lock.taken'],
      'bob',
    ],
    ['is given back', [take('ada'), release('ada')], ['lock.taken', 'lock.released'], null],
    [
      'is not given back by others',
      [take('ada'), release('bob')],
      ['lock.taken', 'lock.not_owner'],
      'ada',
    ],
    [
      'is given back by those who may',
      [take('ada'), release('bob', true)],
      ['lock.taken', 'lock.released'],
      null,
    ],
    ['cannot be given back when there is none', [release('ada')], ['lock.none'], null],
    [
      'cannot be given back when it ran out',
      [take('ada', { until: 1500 }), release('ada')],
      ['lock.taken', 'lock.none'],
      null,
    ],
    [
      'is closed when it ran out',
      [take('ada', { until: 1500 }), expireLock()],
      ['lock.taken', 'lock.expired'],
      null,
    ],
    [
      'is not closed before',
      [take('ada', { until: 9000 }), expireLock()],
      ['lock.taken', ''],
      'ada',
    ],
  ])('%s', (_what, decisions, codes, holder) => {
    const reached = placeAfter(...decisions);
    expect(reached.codes).toEqual(codes);
    expect(lockInForce(reached.state, reached.now)?.by.person ?? null).toBe(holder);
  });
});

describe('versions and watchers of a place', () => {
  it('holds a version until somebody frees it', () => {
    const hold = holdVersion({ artifact: artifact('v3'), reason: 'worse', rollout: 'shop-1' });
    const free = freeVersion({ artifact: artifact('v3'), by: actor('ada'), reason: '' });
    expect(placeAfter(hold, hold).state.holds).toHaveLength(1);
    expect(placeAfter(hold, free).state.holds).toEqual([]);
    expect(placeAfter(free).codes).toEqual(['']);
  });

  it('remembers what settled, newest first, at most fifty', () => {
    const settled = Array.from({ length: 60 }, (_, index) =>
      settleRelease({
        artifact: artifact(`v${String.fromCharCode(48 + index)}`),
        rollout: `shop-${index}`,
      }),
    );
    const { state } = placeAfter(...settled);
    expect(state.settled).toHaveLength(50);
    expect(state.settled[0]?.rollout).toBe('shop-59');
  });

  it('tells each watcher once', () => {
    const reached = placeAfter(
      addWatcher(actor('ada')),
      addWatcher(actor('ada')),
      tellWatchers(),
      tellWatchers(),
    );
    expect(reached.codes).toEqual(['watcher.added', '', 'watchers.told', '']);
    expect(reached.state.watchers).toEqual([]);
  });
});

it('stays readable whatever happens to a place, and one person holds its lock', () => {
  const person = fc.constantFrom('ada', 'bob', 'eve');
  const decision = fc.oneof(
    fc
      .tuple(person, fc.boolean(), fc.option(fc.integer({ min: 0, max: 20_000 })))
      .map(([who, steal, until]) => take(who, { steal, ...(until === null ? {} : { until }) })),
    fc.tuple(person, fc.boolean()).map(([who, others]) => release(who, others)),
    person.map((who) => addWatcher(actor(who))),
    fc.constant(expireLock()),
    fc.constant(tellWatchers()),
  );
  fc.assert(
    fc.property(fc.array(decision, { maxLength: 25 }), (decisions) => {
      const { state } = placeAfter(...decisions);
      expect(PlaceState.parse(structuredClone(state))).toEqual(state);
      expect(new Set(state.watchers.map(({ person: id }) => id)).size).toBe(state.watchers.length);
    }),
    { numRuns: 200 },
  );
});

it('emits only events that can be recorded', () => {
  const hold = holdVersion({ artifact: artifact('v3'), reason: 'worse', rollout: 'shop-1' });
  for (const decide of [take('ada'), hold, addWatcher(actor('ada'))]) {
    const decided = decide(emptyPlace('shop', 'production'), 1);
    for (const event of decided.ok ? decided.value : []) {
      expect(PlaceEvent.parse(event)).toEqual(event);
    }
  }
});
