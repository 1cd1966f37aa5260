import { resolve } from 'node:path';
import { createLog } from '#adapters/system/log.ts';
import { badConfigurationExit, type Configuration, loadConfiguration } from '#config.ts';
import type { Store } from '#ports/store.ts';
import { openStorage } from './storage.ts';

/** Does a piece of work on the store, beside whatever runs, and closes it. Returns its exit code. */
export async function withStore(
  work: (store: Store, configuration: Configuration) => Promise<number>,
): Promise<number> {
  const loaded = loadConfiguration();
  if (!loaded.ok) {
    process.stderr.write(`${loaded.report}\n`);
    return badConfigurationExit;
  }
  const { environment } = loaded.value;
  const storage = await openStorage({
    url: environment.DATABASE_URL,
    dataFolder: resolve(environment.SIGNALBOX_DATA),
    log: createLog({ level: 'silent' }),
    failpoint: async () => {},
  });
  try {
    return await work(storage.store, loaded.value);
  } finally {
    await storage.close();
  }
}
