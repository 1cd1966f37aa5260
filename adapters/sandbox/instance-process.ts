import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Agent, get } from './instance/node-http.ts';
import type { InstanceOrder } from './instance/order.ts';

/** A process of the demo service. */
export interface InstanceProcess {
  readonly pid: number | undefined;
  /** Where it listens; null until it does. */
  port(): number | null;
  /** The last lines that it wrote to standard error. */
  complaints(): readonly string[];
  /** Settles when the process is gone. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** Asks it to end, and ends it after a second. */
  stop(): void;
}

const entry = fileURLToPath(new URL('./instance/main.ts', import.meta.url));
const rememberedLines = 10;
const longestLine = 300;
const killAfterMs = 1000;
const longestAnswer = 200_000;
const agent = new Agent({ keepAlive: true });
// A demo service is small: a small heap keeps many of them small.
const flags = ['--max-old-space-size=64', '--max-semi-space-size=1'];

/**
 * Starts a process. It gets none of our environment, and ends when its standard input closes:
 * with us, however we end.
 */
export function startInstance(order: InstanceOrder, cacheDirectory: string): InstanceProcess {
  const label = `${order.service} ${order.version} ${order.environment}`;
  const child = spawn(process.execPath, [...flags, entry, label], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { NODE_COMPILE_CACHE: cacheDirectory },
  });
  const complaints: string[] = [];
  let port: number | null = null;
  createInterface({ input: child.stdout }).on('line', (text) => {
    const [, number] = /^listening (\d+)$/.exec(text) ?? [];
    if (number !== undefined) port = Number(number);
  });
  createInterface({ input: child.stderr }).on('line', (text) => {
    complaints.push(text.slice(0, longestLine));
    if (complaints.length > rememberedLines) complaints.shift();
  });
  child.stdin.on('error', () => {
    // It ended before it read its order: `ended` tells.
  });
  child.stdin.write(`${JSON.stringify(order)}\n`);

  return {
    pid: child.pid,
    port: () => port,
    complaints: () => complaints,
    ended: endOf(child, complaints),
    stop() {
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
      child.once('close', () => clearTimeout(kill));
    },
  };
}

/** Reads a page of an instance; null when it does not answer 200 in time. */
export function readInstance(port: number, path: string, withinMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const asked = get({ host: '127.0.0.1', port, path, timeout: withinMs, agent });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(null));
    asked.once('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        if (text.length < longestAnswer) text += part;
      });
      answer.once('error', () => resolve(null));
      answer.once('end', () => resolve(answer.statusCode === 200 ? text : null));
    });
  });
}

function endOf(child: ChildProcess, complaints: string[]): InstanceProcess['ended'] {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      complaints.push(`could not be started: ${error.message}`);
      resolve({ code: null, signal: null });
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}
