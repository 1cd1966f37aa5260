import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createCrypto } from '#adapters/system/crypto.ts';
import { createLog } from '#adapters/system/log.ts';
import { verifySignature } from '#adapters/system/signer.ts';
import { exportHistory } from '#app/audit/export.ts';
import { proveEvent } from '#app/audit/prove.ts';
import { type AuditReport, exitCodeOf, reportLines } from '#app/audit/report.ts';
import { verifyHistory } from '#app/audit/verify.ts';
import { NotAnExport, verifyExport } from '#app/audit/verify-export.ts';
import { formerKeys } from '#app/installation.ts';
import { badConfigurationExit, type Configuration, loadConfiguration } from '#config.ts';
import { closed } from '#core/cards/sentence.ts';
import { Fault } from '#core/fault.ts';
import { formatVerifierKey, parseVerifierKey } from '#core/ledger/note.ts';
import { acceptDoor } from './accept-door.ts';
import { type Auditing, openAuditing } from './auditing.ts';
import { type RunningServer, runningServer } from './running-server.ts';
import { openStorage, type Storage } from './storage.ts';
import { troubleIn } from './trouble.ts';

const usage = `signalbox audit verify                     is the history complete and unaltered?
signalbox audit verify --export FILE [--checkpoint FILE] [--key KEY]   the same, without a database
signalbox audit export > FILE              the whole history, one JSON object per line
signalbox audit prove NUMBER               a proof that one event is in the history
signalbox audit key                        the key that signs checkpoints
signalbox audit accept --reason TEXT       go on with the history and the keys as they are now
`;

// Nothing here signs or compares with the installation's secret: only hashing is used.
const crypto = createCrypto({ secret: 'hashing needs no secret' });

/** `signalbox audit`. Exit codes: 0 intact, 1 broken, 2 it could not be found out. */
export async function audit(words: readonly string[]): Promise<number> {
  const [what, ...rest] = words;
  try {
    switch (what) {
      case 'verify':
        return await verify(rest);
      case 'export':
        return await exportAll();
      case 'prove':
        return await prove(Number(rest[0]));
      case 'key':
        return tellKey();
      case 'accept':
        return await withStorage((storage, configuration) =>
          acceptDoor(storage, configuration, rest),
        );
      default:
        process.stderr.write(usage);
        return 2;
    }
  } catch (error) {
    const trouble = error instanceof NotAnExport ? closed(error.message) : troubleIn(error);
    if (trouble === null) throw error;
    process.stderr.write(`It could not be found out: ${trouble}\n`);
    return 2;
  }
}

async function verify(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      export: { type: 'string' },
      checkpoint: { type: 'string', multiple: true },
      key: { type: 'string' },
    },
  });
  if (values.export === undefined) return verifyHere();
  const checkpoints = await Promise.all(
    (values.checkpoint ?? []).map((file) => readFile(file, 'utf8')),
  );
  return tell(
    await verifyExport({
      lines: createInterface({ input: createReadStream(values.export) }),
      checkpoints,
      key: values.key === undefined ? null : parseVerifierKey(crypto.digest, values.key),
      digest: crypto.digest,
      verify: verifySignature,
    }),
  );
}

/**
 * The database itself; or, when a running Signalbox has the embedded one open, an export that it
 * hands over, checked here against the anchors and with the key of this folder.
 */
async function verifyHere(): Promise<number> {
  return withHistory(
    async (storage, configuration) => {
      const { anchors, trust } = await auditingOf(storage, configuration);
      const segments = storage.openSegments?.();
      try {
        const { history } = storage;
        return tell(
          await verifyHistory({ history, anchors, trust, ...(segments && { segments }) }),
        );
      } finally {
        await segments?.close();
      }
    },
    async (server, configuration) => {
      const { anchors, trust } = openAuditing(configuration, crypto, []);
      const known = await Promise.all(anchors.map((anchor) => anchor.newest()));
      return tell(
        await verifyExport({
          lines: await server.history(),
          checkpoints: known.filter((note) => note !== null),
          key: trust.key,
          digest: crypto.digest,
          verify: verifySignature,
        }),
      );
    },
  );
}

function tell(report: AuditReport): number {
  process.stdout.write(`${reportLines(report).join('\n')}\n`);
  return exitCodeOf(report);
}

async function exportAll(): Promise<number> {
  return withHistory(
    async (storage, configuration) => {
      const { trust } = await auditingOf(storage, configuration);
      return writeLines(exportHistory(storage.history, trust));
    },
    async (server) => writeLines(await server.history()),
  );
}

async function writeLines(lines: AsyncIterable<string>): Promise<number> {
  for await (const line of lines) {
    if (!process.stdout.write(`${line}\n`)) {
      await new Promise((drained) => process.stdout.once('drain', drained));
    }
  }
  return 0;
}

async function prove(seq: number): Promise<number> {
  if (!Number.isSafeInteger(seq) || seq < 1) {
    process.stderr.write('Name the event by its number: signalbox audit prove 42\n');
    return 2;
  }
  const proof = await withHistory(
    async ({ history }) => {
      const made = await proveEvent(history, crypto.digest, seq);
      return made === null ? null : `${JSON.stringify(made, null, 2)}\n`;
    },
    (server) => server.proof(seq),
  );
  if (typeof proof === 'number') return proof;
  if (proof === null) {
    process.stderr.write('There is no such event, or no checkpoint covers it yet.\n');
    return 2;
  }
  process.stdout.write(proof);
  return 0;
}

function tellKey(): number {
  const loaded = loadConfiguration();
  if (!loaded.ok) {
    process.stderr.write(`${loaded.report}\n`);
    return badConfigurationExit;
  }
  const { trust } = openAuditing(loaded.value, crypto, []);
  process.stdout.write(`${formatVerifierKey(crypto.digest, trust.key)}\n`);
  return 0;
}

async function auditingOf(storage: Storage, configuration: Configuration): Promise<Auditing> {
  return openAuditing(configuration, crypto, await formerKeys(storage.store, crypto.digest));
}

/** Works on the database, or with the Signalbox that has the embedded one open while it runs. */
async function withHistory<T>(
  here: (storage: Storage, configuration: Configuration) => Promise<T>,
  there: (server: RunningServer, configuration: Configuration) => Promise<T>,
): Promise<T | number> {
  try {
    return await withStorage(here);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'store.unavailable') throw error;
    const loaded = loadConfiguration();
    const server = await runningServer();
    if (server !== null && loaded.ok) return there(server, loaded.value);
    const how = 'To ask the one that runs, set SIGNALBOX_URL and SIGNALBOX_TOKEN';
    throw new Fault(error.code, `${error.message} ${how}`, { retryable: true, cause: error });
  }
}

async function withStorage<T>(
  work: (storage: Storage, configuration: Configuration) => Promise<T>,
): Promise<T | number> {
  const loaded = loadConfiguration();
  if (!loaded.ok) {
    process.stderr.write(`${loaded.report}\n`);
    return badConfigurationExit;
  }
  const { environment } = loaded.value;
  const dataFolder = resolve(environment.SIGNALBOX_DATA);
  const storage = await openStorage({
    url: environment.DATABASE_URL,
    dataFolder,
    log: createLog({ level: 'silent' }),
    failpoint: async () => {},
  });
  try {
    return await work(storage, loaded.value);
  } finally {
    await storage.close();
  }
}
