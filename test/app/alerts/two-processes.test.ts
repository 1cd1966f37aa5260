import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStore } from '#adapters/postgres/store.ts';
import { acceptAlerts } from '#app/alerts/accept-alerts.ts';
import { projectAlert } from '#app/alerts/project-alert.ts';
import type { Store } from '#ports/store.ts';
import { silentLog } from '../../adapters/pglite/silent-log.ts';
import {
  type MigratedDatabase,
  serverDatabase,
} from '../../adapters/postgres/migrated-database.ts';
import { requireServer } from '../../servers.ts';
import { alertWorld, notice } from './alert-world.ts';

describe.skipIf(!requireServer('postgres'))('two processes that hear a pair of senders', () => {
  let database: MigratedDatabase;
  let store: Store;

  beforeAll(async () => {
    database = await serverDatabase();
    store = createStore(database.database, { log: silentLog });
  });
  afterAll(() => database.close());

  it('make one group of what all of them tell at once, and end it once', async () => {
    const memory = alertWorld();
    const world = { ...memory.world, store };
    const intakes = [1, 2].map(() => acceptAlerts(world, memory.rollouts, projectAlert(world)));
    const startsAt = Date.now() - 60_000;
    const tell = async (...told: Parameters<typeof notice>) => {
      const all = intakes.flatMap((intake) =>
        [1, 2, 3, 4].map(() => intake.accept(notice(...told))),
      );
      const answers = await Promise.all(all);
      return answers.filter((answer) => answer.ok && answer.value.fresh).length;
    };
    expect(await tell([{ startsAt }, { startsAt, fingerprint: 'f2' }])).toBe(1);
    const over = { startsAt, status: 'resolved' as const, endsAt: startsAt + 30_000 };
    expect(await tell([over, { ...over, fingerprint: 'f2' }])).toBe(1);
    const events = await store.transact((tx) => tx.events({ streamPrefix: 'alert:' }));
    expect(events.map(({ kind }) => kind)).toEqual([
      'episode.opened',
      'alert.fired',
      'alert.fired',
      'alert.resolved',
      'alert.resolved',
      'episode.closed',
    ]);
  });
});
