import { openStorage } from '#boot/storage.ts';
import { fill } from '../../app/audit/auditor-kit.ts';
import { silentLog } from '../silent.ts';

/**
 * Commits once for each line that it is sent, then answers with a line; the test kills it.
 *
 *   node acknowledger.ts <data folder> event|row
 */
const [, , dataFolder = '', what = 'event'] = process.argv;
const { store } = await openStorage({
  url: undefined,
  dataFolder,
  log: silentLog,
  failpoint: async () => {},
});
process.stdout.write('ready\n');
for await (const _ of process.stdin) {
  if (what === 'event') await fill(store, 1);
  else await store.transact((tx) => tx.nextNumber('acknowledged'));
  process.stdout.write('acknowledged\n');
}
