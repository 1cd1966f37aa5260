import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A process of its own takes a wake from the server there and is killed while it handles it. */
export async function killConsumer(where: string, leaseMs: number): Promise<void> {
  const script = join(import.meta.dirname, 'dying-consumer.ts');
  const child = spawn(process.execPath, ['--liftoff-only', script, where, `${leaseMs}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
}
