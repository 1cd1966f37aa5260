import { flushCompileCache } from 'node:module';
import { createInterface } from 'node:readline';
import { type InstanceOrder, jobMs } from './order.ts';
import { createService } from './service.ts';
import { readOrder } from './trust-boundary.ts';

// One process of the demo service. It lives as long as its standard input is open: when the
// supervisor ends, however it ends, the pipe closes and so does this process.
const lines = createInterface({ input: process.stdin });
lines.once('line', (line) => begin(readOrder(line)));
lines.once('close', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
process.on('SIGINT', () => {
  // Ctrl-C reaches the whole group: the supervisor decides when its processes end.
});

function begin(order: InstanceOrder): void {
  if (order.kind === 'serve') serve(order);
  else if (order.kind === 'job') runJob(order);
  else warmUp();
}

function warmUp(): void {
  flushCompileCache();
  process.exit(0);
}

function serve(order: InstanceOrder): void {
  const server = createService(order);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    process.stdout.write(`listening ${address.port}\n`);
    misbehave(order);
  });
}

function misbehave({ service, version, character }: InstanceOrder): void {
  const { crashAfterMs, leak, neverReady } = character;
  if (neverReady)
    complain(`${service} ${version}: waiting for its database, which does not answer`);
  if (crashAfterMs !== null) {
    setTimeout(() => {
      complain(`${service} ${version}: fatal: required setting PAYMENTS_URL is not set`);
      process.exit(1);
    }, crashAfterMs);
  }
  if (leak === null) return;
  const held: Buffer[] = [];
  setInterval(() => {
    held.push(Buffer.alloc(Math.ceil(leak.bytesPerSecond / 4), 1));
    if (held.length * (leak.bytesPerSecond / 4) < leak.limitBytes) return;
    complain(`${service} ${version}: out of memory`);
    process.exit(137);
  }, 250);
}

function runJob({ service, version, job, character }: InstanceOrder): void {
  setTimeout(() => {
    if (!character.failingJobs.includes(job)) process.exit(0);
    complain(`${service} ${version}: job ${job} failed: relation "orders" does not exist`);
    process.exit(1);
  }, jobMs);
}

function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}
