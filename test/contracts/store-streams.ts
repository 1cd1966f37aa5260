import { describe, expect, it } from 'vitest';
import type { Append } from '#ports/streams.ts';
import { ada, append, row, type StoreSubject, unique } from './store-subject.ts';

/** Streams and the ledger: what every store promises. */
export function streamsContract(subject: () => StoreSubject): void {
  const store = (): StoreSubject['store'] => subject().store;
  const write = (wanted: Append) => store().transact((tx) => tx.append(wanted));

  describe('append', () => {
    it('records events and row together, and gives them back as they were', async () => {
      const stream = unique('rollout:api');
      const body = {
        kind: 'note.made',
        text: 'tab\t nul\u0000 "quote\' \\ 😀',
        list: [1, null, { b: 0.5, a: true }],
      };
      const state = { z: 1, a: ['\u0000', '😀'] };
      const made = await store().transact(async (tx) => {
        const events = await tx.append(
          append(stream, 0, [], {
            events: [
              { actor: ada, body },
              { actor: ada, body: { kind: 'second' } },
            ],
            row: row({
              service: stream,
              environment: 'staging',
              phase: 'planned',
              wakeAt: 5,
              state,
            }),
          }),
        );
        return { events, now: tx.now };
      });
      expect(made.events.map(({ at, version, kind }) => ({ at, version, kind }))).toEqual([
        { at: made.now, version: 1, kind: 'note.made' },
        { at: made.now, version: 2, kind: 'second' },
      ]);
      const read = await store().transact(async (tx) => ({
        events: await tx.events({ stream }),
        record: await tx.stream(stream),
      }));
      expect(read.events.map((event) => event.body)).toEqual([body, { kind: 'second' }]);
      expect(read.events).toMatchObject(made.events);
      expect(read.record).toEqual({
        id: stream,
        kind: 'rollout',
        version: 2,
        fence: 0,
        row: {
          service: stream,
          environment: 'staging',
          phase: 'planned',
          active: false,
          ended: false,
          wakeAt: 5,
          state,
        },
        createdAt: made.now,
        updatedAt: made.now,
      });
    });

    it('sees its own writes before it commits', async () => {
      const stream = unique('rollout:own');
      const seen = await store().transact(async (tx) => {
        await tx.append(append(stream, 0, ['one']));
        await tx.append(append(stream, 1, ['two']));
        const record = await tx.streamForUpdate(stream);
        return { version: record?.version, events: await tx.events({ stream }) };
      });
      expect(seen.version).toBe(2);
      expect(seen.events.map((event) => event.kind)).toEqual(['one', 'two']);
    });

    it('writes the row alone when there are no events', async () => {
      const stream = unique('rollout:row');
      await write(append(stream, 0, ['one']));
      await write(append(stream, 1, [], { row: row({ phase: 'paused' }) }));
      const record = await store().transact((tx) => tx.stream(stream));
      expect(record).toMatchObject({ version: 1, row: { phase: 'paused' } });
    });

    it('numbers the whole ledger without gaps and never lets time run backwards', async () => {
      await Promise.all(
        Array.from({ length: 8 }, (_, writer) =>
          write(append(unique(`rollout:gap${writer}`), 0, ['a', 'b'])),
        ),
      );
      const events = await store().transact((tx) => tx.events({}));
      expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
      expect(events.map((event) => event.at)).toEqual(
        events.map((event) => event.at).toSorted((a, b) => a - b),
      );
    });

    it.each([
      ['another version', { expectedVersion: 2 }, 'store.conflict', true],
      ['version 0 of a stream that exists', { expectedVersion: 0 }, 'store.conflict', true],
      ['an older fence', { fence: 0 }, 'store.fenced', false],
      ['a fence from the future', { fence: 2 }, 'store.fenced', false],
    ] as const)('refuses %s and writes nothing', async (_, changes, code, retryable) => {
      const stream = unique('rollout:refused');
      await write(append(stream, 0, ['one']));
      await store().transact((tx) => tx.claim(stream, 'worker'));
      const before = await store().transact((tx) => tx.head());
      await expect(write(append(stream, 1, ['two'], changes))).rejects.toMatchObject({
        code,
        retryable,
      });
      expect(await store().transact((tx) => tx.head())).toEqual(before);
      expect(await store().transact((tx) => tx.stream(stream))).toMatchObject({
        version: 1,
        fence: 1,
      });
    });

    it('takes the newest fence, and people need none', async () => {
      const stream = unique('rollout:fence');
      await write(append(stream, 0, ['one']));
      const first = await store().transact((tx) => tx.claim(stream, 'a'));
      const second = await store().transact((tx) => tx.claim(stream, 'b'));
      expect([first?.fence, second?.fence]).toEqual([1, 2]);
      await expect(write(append(stream, 1, ['late'], { fence: 1 }))).rejects.toMatchObject({
        code: 'store.fenced',
      });
      await write(append(stream, 1, ['two'], { fence: 2 }));
      await write(append(stream, 2, ['by a person']));
      expect(await store().transact((tx) => tx.stream(stream))).toMatchObject({
        version: 3,
        fence: 2,
      });
    });

    it('says nothing of a claim on what is not there', async () => {
      expect(await store().transact((tx) => tx.claim(unique('rollout:none'), 'a'))).toBeNull();
    });

    it('lets one stream at a time be active in a place', async () => {
      const service = unique('service');
      const active = row({ service, environment: 'production', active: true });
      const [first, second] = [unique('rollout:a'), unique('rollout:b')];
      await write(append(first, 0, ['one'], { row: active }));
      await expect(write(append(second, 0, ['one'], { row: active }))).rejects.toMatchObject({
        code: 'store.conflict',
      });
      await write(
        append(second, 0, ['one'], { row: row({ service, environment: 'staging', active: true }) }),
      );
      await write(
        append(first, 1, ['two'], {
          row: row({ service, environment: 'production', ended: true }),
        }),
      );
      await write(append(second, 1, ['two'], { row: active }));
    });

    it('gives a contested place to exactly one', async () => {
      const service = unique('service');
      const outcomes = await Promise.allSettled(
        Array.from({ length: 6 }, () =>
          write(
            append(unique('rollout:rival'), 0, ['one'], {
              row: row({ service, environment: 'production', active: true }),
            }),
          ),
        ),
      );
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    });

    it('has no exit from the end', async () => {
      const stream = unique('rollout:ended');
      await write(append(stream, 0, ['one'], { row: row({ phase: 'succeeded', ended: true }) }));
      for (const wanted of [
        append(stream, 1, ['two']),
        append(stream, 1, []),
        append(stream, 1, ['two'], { row: row({ ended: true }) }),
      ]) {
        await expect(write(wanted)).rejects.toMatchObject({
          code: 'store.corrupt',
          retryable: false,
        });
      }
      expect(await store().transact((tx) => tx.stream(stream))).toMatchObject({
        version: 1,
        row: { ended: true },
      });
    });

    it('cannot end and stay active', async () => {
      const wanted = append(unique('rollout:both'), 0, ['one'], {
        row: row({ service: 'both', environment: 'production', active: true, ended: true }),
      });
      await expect(write(wanted)).rejects.toMatchObject({ code: 'store.corrupt' });
    });

    it('takes nothing when one of several appends is refused', async () => {
      const [good, bad] = [unique('rollout:good'), unique('rollout:bad')];
      const both = store().transact(async (tx) => {
        await tx.append(append(good, 0, ['one']));
        await tx.append(append(bad, 7, ['one']));
      });
      await expect(both).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await store().transact((tx) => tx.stream(good))).toBeNull();
    });

    it('loses no update when many change one stream', async () => {
      const stream = unique('rollout:busy');
      await write(append(stream, 0, ['first'], { row: row({ state: { count: 0 } }) }));
      await Promise.all(
        Array.from({ length: 10 }, () =>
          store().transact(async (tx) => {
            const record = await tx.streamForUpdate(stream);
            const state = record?.row.state;
            const count =
              typeof state === 'object' && state !== null && 'count' in state
                ? Number(state.count)
                : NaN;
            await tx.append(
              append(stream, record?.version ?? 0, ['more'], {
                row: row({ state: { count: count + 1 } }),
              }),
            );
          }),
        ),
      );
      expect(await store().transact((tx) => tx.stream(stream))).toMatchObject({
        version: 11,
        row: { state: { count: 10 } },
      });
    });
  });

  describe('reading streams and events', () => {
    it('answers each question about streams', async () => {
      const service = unique('service');
      const ids = ['one', 'two', 'three'].map((name) => `rollout:${service}-${name}`);
      const rows = [
        row({ service, environment: 'production', phase: 'succeeded', ended: true }),
        row({ service, environment: 'production', phase: 'paused', active: true, wakeAt: 10 }),
        row({ service, environment: 'staging', phase: 'waiting', wakeAt: 20 }),
      ];
      for (const [index, id] of ids.entries())
        await write(append(id, 0, ['one'], { row: rows[index] ?? row() }));
      const [begun, written] = await store().transact(async (tx) => [
        (await tx.stream(ids[0] ?? ''))?.updatedAt ?? 0,
        (await tx.stream(ids[2] ?? ''))?.updatedAt ?? 0,
      ]);
      const cases = [
        [{}, [0, 1, 2]],
        [{ newestFirst: true }, [2, 1, 0]],
        [{ newestFirst: true, limit: 2 }, [2, 1]],
        [{ environment: 'production' }, [0, 1]],
        [{ active: true }, [1]],
        [{ ended: false }, [1, 2]],
        [{ ended: true }, [0]],
        [{ phases: ['paused', 'waiting'] }, [1, 2]],
        [{ phases: [] }, []],
        [{ dueBy: 10 }, [1]],
        [{ dueBy: 9 }, []],
        [{ beforeId: ids[2] ?? '', newestFirst: true }, [1, 0]],
        [{ updatedSince: begun }, [0, 1, 2]],
        [{ updatedSince: (written ?? 0) + 1 }, []],
      ] as const;
      for (const [query, expected] of cases) {
        const found = await store().transact((tx) =>
          tx.streams({ kind: 'rollout', service, ...query }),
        );
        expect(
          found.map((record) => ids.indexOf(record.id)),
          JSON.stringify(query),
        ).toEqual(expected);
      }
      expect(await store().transact((tx) => tx.streams({ kind: 'place', service }))).toEqual([]);
    });

    it('answers each question about events', async () => {
      const prefix = unique('place:query');
      await write(append(`${prefix}/a`, 0, ['x', 'y'], { kind: 'place' }));
      await write(append(`${prefix}/b`, 0, ['x', 'z'], { kind: 'place' }));
      const all = await store().transact((tx) => tx.events({ streamPrefix: prefix }));
      const [first, , third, last] = all;
      const cases = [
        [{}, 'xyxz'],
        [{ newestFirst: true }, 'zxyx'],
        [{ limit: 3 }, 'xyx'],
        [{ kinds: ['x'] }, 'xx'],
        [{ kinds: [] }, ''],
        [{ stream: `${prefix}/b` }, 'xz'],
        [{ afterSeq: first?.seq ?? 0 }, 'yxz'],
        [{ beforeSeq: third?.seq ?? 0 }, 'xy'],
        [{ since: first?.at ?? 0, until: last?.at ?? 0 }, 'xyxz'],
        [{ since: (last?.at ?? 0) + 1 }, ''],
        [{ until: (first?.at ?? 0) - 1 }, ''],
      ] as const;
      for (const [query, expected] of cases) {
        const found = await store().transact((tx) => tx.events({ streamPrefix: prefix, ...query }));
        expect(found.map((event) => event.kind).join(''), JSON.stringify(query)).toBe(expected);
      }
    });

    it('takes a prefix literally', async () => {
      const prefix = unique('place:under_score%');
      await write(append(`${prefix}x`, 0, ['x'], { kind: 'place' }));
      await write(append(prefix.replace('_', '-'), 0, ['x'], { kind: 'place' }));
      expect(await store().transact((tx) => tx.events({ streamPrefix: prefix }))).toHaveLength(1);
    });

    it('counts from 1 per name, and takes a number back with its transaction', async () => {
      const counter = unique('counter');
      expect(await store().transact((tx) => tx.nextNumber(counter))).toBe(1);
      await expect(
        store().transact(async (tx) => {
          await tx.nextNumber(counter);
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      const numbers = await Promise.all(
        Array.from({ length: 5 }, () => store().transact((tx) => tx.nextNumber(counter))),
      );
      expect(numbers.toSorted()).toEqual([2, 3, 4, 5, 6]);
    });
  });
}
