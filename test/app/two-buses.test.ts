import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStore } from '#adapters/postgres/store.ts';
import { readPlace } from '#app/change-place.ts';
import { createCommandBus } from '#app/command-bus.ts';
import type { Store } from '#ports/store.ts';
import { silentLog } from '../adapters/pglite/silent-log.ts';
import { type MigratedDatabase, serverDatabase } from '../adapters/postgres/migrated-database.ts';
import { requireServer } from '../servers.ts';
import { busWorld } from './bus-world.ts';

const deliveries = 40;

describe.skipIf(!requireServer('postgres'))(
  'two processes on one database',
  { timeout: 60_000 },
  () => {
    let database: MigratedDatabase;
    let store: Store;

    beforeAll(async () => {
      database = await serverDatabase();
      store = createStore(database.database, { log: silentLog });
    });
    afterAll(() => database.close());

    it('do each delivery once, though both receive it and all want the same place', async () => {
      const world = busWorld();
      const parts = { ...world.parts, world: { ...world.world, store } };
      const buses = [createCommandBus(parts), createCommandBus(parts)];
      const inbounds = Array.from({ length: deliveries }, (_, index) => {
        const text = `lock shop staging because of number ${index}`;
        return world.inbound('ada', { kind: 'command', text });
      });
      const accepted = await Promise.all(
        inbounds.flatMap((inbound) => buses.map((bus) => bus.accept(inbound))),
      );
      expect(accepted.filter(({ fresh }) => fresh)).toHaveLength(deliveries);
      await Promise.all(buses.map((bus) => bus.idle()));

      const events = await store.transact((tx) => tx.events({}));
      const count = (kind: string) => events.filter((event) => event.kind === kind).length;
      expect(count('command.accepted')).toBe(deliveries);
      expect(count('lock.taken')).toBe(deliveries);
      for (const { replyTo } of inbounds) expect(world.chat.world.replies(replyTo)).toHaveLength(1);
      expect(world.problems).toEqual([]);
    });

    it('take up what another left behind, and only one of them does it', async () => {
      const world = busWorld();
      const parts = { ...world.parts, world: { ...world.world, store } };
      const text = 'lock shop production because left behind';
      const inbound = world.inbound(
        'ada',
        { kind: 'command', text },
        { deliveryId: 'left-behind' },
      );
      await store.transact((tx) => tx.receive([inbound]));
      const later = { ...parts.world.clock, now: () => Date.now() + 60_000 };
      const buses = [1, 2].map(() =>
        createCommandBus({ ...parts, world: { ...parts.world, clock: later } }),
      );
      await Promise.all(buses.map((bus) => bus.recoverInbox()));
      const place = await store.transact((tx) => readPlace(tx, 'shop', 'production'));
      expect(place.lock?.reason).toBe('left behind');
      const events = await store.transact((tx) => tx.events({ kinds: ['lock.taken'] }));
      expect(events.filter(({ stream }) => stream.endsWith('production'))).toHaveLength(1);
      expect(world.chat.world.replies(inbound.replyTo)).toHaveLength(1);
    });
  },
);
