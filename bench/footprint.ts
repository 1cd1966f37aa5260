import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Resident memory and time to ready of our adapters beside the same libraries merely started, each
 * in a process of its own, turn by turn; medians. Exits with 1 when a ratio is over the promise.
 */
const promised = { memory: 1.15, ready: 1.3 } as const;
const rounds = 5;

interface Footprint {
  readonly readyMs: number;
  readonly memoryMb: number;
}

async function measure(subject: string, directory: string): Promise<Footprint> {
  const script = join(import.meta.dirname, 'footprint-subjects.ts');
  const since = performance.now();
  const child = fork(script, [subject, directory], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  const readyMs = performance.now() - since;
  // What is only needed to start may be given back.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const memoryMb = residentMb(child.pid ?? 0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  return { readyMs, memoryMb };
}

function residentMb(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' })) / 1024;
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const directories = { raw: '', ours: '' };
const sides = ['raw', 'ours'] as const;
for (const side of sides) {
  directories[side] = mkdtempSync(join(tmpdir(), 'signalbox-footprint-'));
  // The first start creates the database; what is measured is every later one.
  await measure(side, directories[side]);
}
const seen: Record<'raw' | 'ours', Footprint[]> = { raw: [], ours: [] };
for (let round = 0; round < rounds; round += 1) {
  for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
    seen[side].push(await measure(side, directories[side]));
  }
}
const of = (side: 'raw' | 'ours') => ({
  'ready ms': median(seen[side].map(({ readyMs }) => readyMs)),
  'memory MB': median(seen[side].map(({ memoryMb }) => memoryMb)),
});
const [raw, ours] = [of('raw'), of('ours')];
const ratio = {
  'ready ms': ours['ready ms'] / raw['ready ms'],
  'memory MB': ours['memory MB'] / raw['memory MB'],
};
console.table({ 'PGlite and BullMQ': raw, 'our adapters': ours, ratio });
for (const side of sides) rmSync(directories[side], { recursive: true, force: true });
const kept = ratio['memory MB'] <= promised.memory && ratio['ready ms'] <= promised.ready;
process.exit(kept ? 0 : 1);
