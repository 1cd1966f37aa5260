import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { readInvocation } from '#adapters/cli/invocation.ts';
import { createNodeIo } from '#adapters/cli/node-io.ts';
import { CliTrouble, findServer, type Server } from '#adapters/cli/server.ts';
import { createCrypto } from '#adapters/system/crypto.ts';
import { createLog } from '#adapters/system/log.ts';
import { verifySignature } from '#adapters/system/signer.ts';
import { exportHistory } from '#app/audit/export.ts';
import { proveEvent } from '#app/audit/prove.ts';
import { type AuditReport, exitCodeOf, reportLines } from '#app/audit/report.ts';
import { verifyHistory } from '#app/audit/verify.ts';
import { NotAnExport, verifyExport } from '#app/audit/verify-export.ts';
import { formerKeys } from '#app/installation.ts';
import {
  badConfigurationExit,
  type Configuration,
  loadConfiguration,
  rawEnvironment,
} from '#config.ts';
import { Fault } from '#core/fault.ts';
import { formatVerifierKey, parseVerifierKey } from '#core/ledger/note.ts';
import { acceptDoor } from './accept-door.ts';
import { type Auditing, openAuditing } from './auditing.ts';
import { openStorage, type Storage } from './storage.ts';

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
        return await withStorage(exportAll);
      case 'prove':
        return await withStorage((storage) => prove(storage, Number(rest[0])));
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
    if (!(error instanceof Fault || error instanceof NotAnExport)) throw error;
    process.stderr.write(`It could not be found out: ${error.message}.\n`);
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
  try {
    return await withStorage(async (storage, configuration) => {
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
    });
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'store.unavailable') throw error;
    const server = await runningServer();
    if (server === null) throw error;
    const loaded = loadConfiguration();
    if (!loaded.ok) throw error;
    const { anchors, trust } = openAuditing(loaded.value, crypto, []);
    const known = await Promise.all(anchors.map((anchor) => anchor.newest()));
    return tell(
      await verifyExport({
        lines: await exportOf(server),
        checkpoints: known.filter((note) => note !== null),
        key: trust.key,
        digest: crypto.digest,
        verify: verifySignature,
      }),
    );
  }
}

async function runningServer(): Promise<Server | null> {
  try {
    return await findServer(rawEnvironment(), readInvocation([]), createNodeIo(true));
  } catch (error) {
    if (error instanceof CliTrouble) return null;
    throw error;
  }
}

/** @throws Fault `store.unavailable` when the server does not hand it over */
async function exportOf({ url, token }: Server): Promise<AsyncIterable<string>> {
  const response = await fetch(`${url}/api/audit/export`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok || response.body === null) {
    const message = `${url} answered ${response.status} when it was asked for the history`;
    throw new Fault('store.unavailable', message, { retryable: true });
  }
  return createInterface({ input: Readable.from(response.body) });
}

function tell(report: AuditReport): number {
  process.stdout.write(`${reportLines(report).join('\n')}\n`);
  return exitCodeOf(report);
}

async function exportAll(storage: Storage, configuration: Configuration): Promise<number> {
  const { trust } = await auditingOf(storage, configuration);
  for await (const line of exportHistory(storage.history, trust)) {
    if (!process.stdout.write(`${line}\n`)) {
      await new Promise((drained) => process.stdout.once('drain', drained));
    }
  }
  return 0;
}

async function prove(storage: Storage, seq: number): Promise<number> {
  const proof = await proveEvent(storage.history, crypto.digest, seq);
  if (proof === null) {
    process.stderr.write('There is no such event, or no checkpoint covers it yet.\n');
    return 2;
  }
  process.stdout.write(`${JSON.stringify(proof, null, 2)}\n`);
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

async function withStorage(
  work: (storage: Storage, configuration: Configuration) => Promise<number>,
): Promise<number> {
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
