import { hostname, userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { createLog } from '#adapters/system/log.ts';
import { acceptHistory } from '#app/accept-history.ts';
import { reportLines } from '#app/audit/report.ts';
import { verifyHistory } from '#app/audit/verify.ts';
import { createCheckpoints } from '#app/checkpoint.ts';
import { createHalt } from '#app/halt.ts';
import { formerKeys } from '#app/installation.ts';
import type { Configuration } from '#config.ts';
import type { Actor } from '#core/people.ts';
import { openAuditing } from './auditing.ts';
import { installationKeys, openCrypto } from './installation-keys.ts';
import type { Storage } from './storage.ts';

/**
 * `signalbox audit accept`: whoever has the shell, the keys and the database of the installation
 * says that its history is to go on as it is. Says first what is wrong with it. Exit codes: 0
 * accepted, 2 not.
 */
export async function acceptDoor(
  storage: Storage,
  configuration: Configuration,
  words: readonly string[],
): Promise<number> {
  const { values } = parseArgs({ args: [...words], options: { reason: { type: 'string' } } });
  const reason = values.reason?.trim() ?? '';
  if (reason.length < 10) {
    process.stderr.write(
      'Say why, for the auditor, in ten characters or more: signalbox audit accept --reason "the backup of Monday was restored, ticket 4711"\n',
    );
    return 2;
  }
  const { secret, crypto } = openCrypto(configuration);
  const former = await formerKeys(storage.store, crypto.digest);
  const auditing = openAuditing(configuration, crypto, former);
  const { history, store } = storage;
  process.stdout.write(
    `Before:\n${reportLines(await verifyHistory({ history, ...auditing })).join('\n')}\n`,
  );
  const log = createLog({ level: 'error', destination: process.stderr });
  // Nothing to compare with yet: what the anchors hold is what is being set aside.
  const halt = createHalt(log);
  const clock = { now: () => Date.now() };
  const checkpoints = createCheckpoints({ history, ...auditing, halt, clock, log });
  const checkpoint = await acceptHistory({
    store,
    checkpoints,
    anchors: auditing.anchors,
    keys: installationKeys(crypto, auditing, secret),
    by: operator(),
    reason,
  });
  process.stdout.write(`\nAccepted and anchored:\n${checkpoint ?? ''}\nStart Signalbox again.\n`);
  return 0;
}

/** The account of the operating system: authority here is that of the shell. */
function operator(): Actor {
  const { username } = userInfo();
  return {
    person: `operator:${username}`,
    account: { platform: 'shell', tenant: hostname().slice(0, 64), user: username.slice(0, 64) },
    displayName: username,
  };
}
