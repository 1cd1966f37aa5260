import { resolve } from 'node:path';
import { createLog } from '#adapters/system/log.ts';
import { loadConfiguration } from '#config.ts';
import { openStorage } from './storage.ts';

/** `signalbox migrate`: opening the database migrates it. */
export async function migrateDatabase(): Promise<number> {
  const loaded = loadConfiguration();
  if (!loaded.ok) {
    process.stderr.write(`${loaded.report}\n`);
    return 78;
  }
  const { environment } = loaded.value;
  const log = createLog({ level: environment.SIGNALBOX_LOG });
  const storage = await openStorage({
    url: environment.DATABASE_URL,
    dataFolder: resolve(environment.SIGNALBOX_DATA),
    log,
    failpoint: async () => {},
  });
  process.stdout.write(`Up to date: ${storage.where}.\n`);
  await storage.close();
  return 0;
}
