import { randomBytes } from 'node:crypto';
import { Fault } from '#core/fault.ts';
import { createHost } from './host.ts';
import { serveHost } from './host-server.ts';
import { createLeases } from './lease.ts';

// The process in which a sandbox lives:
//   node host-main.ts <directory> <cache directory> <generation> <linger ms>
// It ends when no client is connected any more, or when another host has taken its directory over.
const [directory = '', cacheDirectory = '', generationText = '', lingerText = ''] =
  process.argv.slice(2);
const generation = Number(generationText);
const leases = createLeases(directory);
const watchMs = 1000;
const closeWithinMs = 4000;

const host = createHost({ directory, cacheDirectory, assertOwner, onError: report });
const token = randomBytes(24).toString('base64url');
const port = await serveHost({
  host,
  token,
  lingerMs: Number(lingerText),
  onAlone: end,
  onError: report,
});
if (await leases.claim({ generation, pid: process.pid, port, token })) watch();
else process.exit(0);

// Ctrl-C and a closed terminal reach the whole group: our clients say when it is over.
process.on('SIGINT', ignore);
process.on('SIGHUP', ignore);
process.once('SIGTERM', end);

async function assertOwner(): Promise<void> {
  const newest = await leases.newest();
  if (newest?.generation === generation) return;
  throw new Fault('target.unavailable', 'Another host owns the sandbox now.', { retryable: true });
}

function watch(): void {
  setTimeout(() => assertOwner().then(watch, end), watchMs);
}

function end(): void {
  setTimeout(() => process.exit(0), closeWithinMs);
  void host.close().then(() => process.exit(0));
}

function report(error: unknown): void {
  const text = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${new Date().toISOString()} ${text}\n`);
}

function ignore(): void {
  // On purpose.
}
