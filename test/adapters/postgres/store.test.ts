import { describe } from 'vitest';
import { createHistory } from '#adapters/postgres/history.ts';
import { createStore } from '#adapters/postgres/store.ts';
import { storeContract } from '../../contracts/store.ts';
import { requireServer } from '../../servers.ts';
import { silentLog } from '../pglite/silent-log.ts';
import { embeddedDatabase, serverDatabase } from './migrated-database.ts';

describe.skipIf(!requireServer('postgres'))('on a server', () => {
  storeContract('Postgres', async () => {
    const { database, close } = await serverDatabase();
    const store = createStore(database, { log: silentLog });
    return { store, history: createHistory(database), close };
  });
});

storeContract('PGlite', async () => {
  const { database, close } = await embeddedDatabase();
  const store = createStore(database, { log: silentLog, durable: false });
  return { store, history: createHistory(database), close };
});
