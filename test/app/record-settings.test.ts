import { expect, it } from 'vitest';
import { createMemoryStore } from '#adapters/memory/store.ts';
import { recordSettings } from '#app/record-settings.ts';

const file = '/etc/signalbox.yaml';

function desk() {
  const { store } = createMemoryStore({ clock: { now: () => 1_700_000_000_000 } });
  return {
    record: (digest: string) => store.transact((tx) => recordSettings(tx, { digest, file })),
    changes: async () => {
      const events = await store.transact((tx) => tx.events({ stream: 'system:settings' }));
      return events.map(({ kind, body }) => [kind, body['from'], body['to'], body['file']]);
    },
  };
}

it('records each change with the digests before and after', async () => {
  const { record, changes } = desk();
  expect(await record('a')).toBe(true);
  expect(await record('b')).toBe(true);
  expect(await record('a')).toBe(true);
  expect(await changes()).toEqual([
    ['settings.changed', null, 'a', file],
    ['settings.changed', 'a', 'b', file],
    ['settings.changed', 'b', 'a', file],
  ]);
});

it('records a change once, however many processes notice it', async () => {
  const { record, changes } = desk();
  const told = await Promise.all(Array.from({ length: 10 }, () => record('a')));
  expect(told.filter(Boolean).length).toBe(1);
  expect((await changes()).length).toBe(1);
});
