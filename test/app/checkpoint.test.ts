import { describe, expect, it } from 'vitest';
import { createMemoryAnchor } from '#adapters/memory/anchor.ts';
import { createMemoryStore } from '#adapters/memory/store.ts';
import { acceptHistory } from '#app/accept-history.ts';
import { createBell } from '#app/bell.ts';
import { createCheckpoints } from '#app/checkpoint.ts';
import { keepCheckpoints } from '#app/checkpoint-loop.ts';
import { createHalt } from '#app/halt.ts';
import { parseCheckpoint } from '#core/ledger/checkpoint.ts';
import { signalbox } from '#core/people.ts';
import type { Anchor } from '#ports/anchor.ts';
import { silentLog } from '../adapters/pglite/silent-log.ts';
import { fill, newSigner } from './audit/auditor-kit.ts';

const { signer, trust } = newSigner();

function installation(anchors: readonly Anchor[], time = { now: 1000 }) {
  const clock = { now: () => time.now };
  const { store, history } = createMemoryStore({ clock });
  const halt = createHalt(silentLog);
  const checkpoints = createCheckpoints({
    history,
    signer,
    trust,
    anchors,
    halt,
    clock,
    log: silentLog,
    everyEvents: 10,
    everyMs: 5000,
  });
  return { store, history, halt, checkpoints, time };
}

const sizeAt = async (anchor: Anchor) =>
  parseCheckpoint((await anchor.newest()) ?? '')?.size ?? null;

describe('checkpoints', () => {
  it('are made after enough events or enough time, and left at every anchor', async () => {
    const anchors = [createMemoryAnchor('a'), createMemoryAnchor('b')];
    const { store, checkpoints, time, history } = installation(anchors, { now: 0 });
    const sizes = async () => Promise.all(anchors.map(sizeAt));
    await checkpoints.makeIfDue();
    expect(await sizes()).toEqual([null, null]);
    await fill(store, 10);
    await checkpoints.makeIfDue();
    expect(await sizes()).toEqual([10, 10]);
    await fill(store, 9);
    await checkpoints.makeIfDue();
    expect(await sizes()).toEqual([10, 10]);
    time.now += 5000;
    await checkpoints.makeIfDue();
    expect(await sizes()).toEqual([19, 19]);
    time.now += 5000;
    await checkpoints.makeIfDue();
    expect(await history.checkpoints(10)).toHaveLength(2);
  });

  it('are made at once when asked, once for callers that come together', async () => {
    const anchor = createMemoryAnchor();
    const { store, checkpoints, history } = installation([anchor]);
    await fill(store, 1);
    const notes = await Promise.all([checkpoints.make(), checkpoints.make()]);
    expect(notes[0]).toBe(notes[1]);
    expect(await checkpoints.make()).toBeNull();
    expect(await history.checkpoints(10)).toEqual([notes[0]]);
  });

  it('are made although an anchor is out of reach', async () => {
    const anchor = createMemoryAnchor();
    const broken: Anchor = {
      name: 'broken',
      publish: () => Promise.reject(new Error('no')),
      newest: () => Promise.reject(new Error('no')),
    };
    const { store, checkpoints, halt } = installation([broken, anchor]);
    await fill(store, 1);
    await checkpoints.make();
    expect(await sizeAt(anchor)).toBe(1);
    await checkpoints.compare();
    expect(halt.halted()).toBeNull();
  });

  it('of somebody else prove nothing either way', async () => {
    const anchor = createMemoryAnchor();
    await anchor.publish('signalbox/other\n1000\nAAAA\n\n\u2014 other AAAAAAAAAA==\n');
    const { checkpoints, halt } = installation([anchor]);
    await checkpoints.compare();
    expect(halt.halted()).toBeNull();
  });
});

describe('a database that was set back', () => {
  it('halts Signalbox until somebody accepts it, and the acceptance is recorded', async () => {
    const anchor = createMemoryAnchor();
    const first = installation([anchor]);
    await fill(first.store, 20);
    await first.checkpoints.make();
    const known = await anchor.newest();

    const restored = installation([anchor]);
    await fill(restored.store, 10);
    await restored.checkpoints.compare();
    expect(restored.halt.halted()).toContain('fewer than the 20 events');
    expect(await restored.checkpoints.make()).toBeNull();
    expect(await anchor.newest()).toBe(known);

    const accepting = installation([anchor]);
    await fill(accepting.store, 10);
    await acceptHistory({
      ...accepting,
      anchors: [anchor],
      keys: { signingKey: 'a', secret: 'b' },
      by: signalbox,
      reason: 'disk died',
    });
    expect(await sizeAt(anchor)).toBe(12);
    const events = await accepting.store.transact((tx) => tx.events({ streamPrefix: 'system:' }));
    expect(events[0]?.body).toMatchObject({
      kind: 'history.accepted',
      reason: 'disk died',
      contradicted: [{ anchor: 'memory', checkpoint: known }],
    });
    await accepting.checkpoints.compare();
    expect(accepting.halt.halted()).toBeNull();
  });
});

describe('the loop', () => {
  it('makes and compares until it is stopped, whatever fails', async () => {
    const stop = new AbortController();
    const calls: string[] = [];
    await keepCheckpoints(
      {
        make: async () => null,
        makeIfDue: async () => {
          calls.push('make');
          if (calls.length > 6) stop.abort();
          throw new Error('the database is away');
        },
        compare: async () => void calls.push('compare'),
      },
      {
        log: silentLog,
        signal: stop.signal,
        bell: createBell(),
        tickMs: 1,
        restMs: 1,
        ticksPerComparison: 3,
      },
    );
    expect(calls).toEqual(['make', 'make', 'compare', 'make', 'make', 'make', 'compare', 'make']);
  });

  it('makes one at once when something changed on production, and one at the end', async () => {
    const stop = new AbortController();
    const bell = createBell();
    const calls: string[] = [];
    const loop = keepCheckpoints(
      {
        make: async () => {
          calls.push('make');
          if (calls.length === 1) bell.ring();
          if (calls.length === 2) setImmediate(() => stop.abort());
          return null;
        },
        makeIfDue: async () => void calls.push('if due'),
        compare: async () => {},
      },
      { log: silentLog, signal: stop.signal, bell, tickMs: 3_600_000, restMs: 1 },
    );
    bell.ring();
    await loop;
    expect(calls).toEqual(['make', 'make', 'make']);
  });
});
