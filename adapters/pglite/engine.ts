import { parentPort, workerData } from 'node:worker_threads';
import type { EngineOptions, FromEngine, ToEngine } from './engine-messages.ts';
import { joined } from './frames.ts';
import { maintain } from './maintenance.ts';
import { sessionServer } from './session-server.ts';
import { loadPglite } from './trust-boundary.ts';

/**
 * The body of the worker thread that the database lives in: two milliseconds of a job are spent
 * here and not on the thread that answers people.
 */
const { dataDir, transactionMs, maintenanceMs }: EngineOptions = workerData;

const PGlite = await loadPglite();
const pglite = await PGlite.create({
  dataDir,
  startParams: [
    ...PGlite.defaultStartParams,
    '-c',
    // The default of 128 MB doubles the memory in use and gains nothing at this size.
    'shared_buffers=16MB',
    '-c',
    'max_wal_size=128MB',
    '-c',
    'min_wal_size=32MB',
  ],
});

const server = sessionServer({
  run,
  send: (session, bytes) => post({ kind: 'data', session, bytes }, [bytes.buffer]),
  end: (session) => post({ kind: 'end', session }),
  transactionMs,
  parameters: {
    server_version: '18',
    server_encoding: 'UTF8',
    client_encoding: 'UTF8',
    DateStyle: 'ISO, MDY',
    IntervalStyle: 'postgres',
    TimeZone: 'UTC',
    integer_datetimes: 'on',
    standard_conforming_strings: 'on',
  },
});

function run(unit: Buffer): Buffer<ArrayBuffer> {
  const parts: Buffer[] = [];
  // The backend runs to the end before this returns; the promise is for file systems that we do not use.
  pglite
    .execProtocolRawStream(unit, {
      syncToFs: false,
      onRawData: (bytes) => parts.push(Buffer.from(bytes)),
    })
    .catch(crash);
  return joined(parts);
}

/** Ends the thread; the other side starts it again. */
function crash(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

function post(message: FromEngine, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, [...transfer]);
}

async function receive(messages: readonly ToEngine[]): Promise<void> {
  for (const message of messages) {
    if (message.kind === 'open') server.open(message.session);
    else if (message.kind === 'data') server.receive(message.session, view(message.bytes));
    else if (message.kind === 'close') server.close(message.session);
    else if (message.kind === 'ping') post({ kind: 'pong' });
    else await stop();
  }
}

function view({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

async function stop(): Promise<void> {
  await pglite.close();
  parentPort?.close();
}

parentPort?.on('message', (messages: readonly ToEngine[]) => {
  receive(messages).catch(crash);
});
setInterval(() => server.between(() => maintain(run)), maintenanceMs).unref();
post({ kind: 'ready' });
