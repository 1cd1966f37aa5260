import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createSandbox,
  SandboxMetrics,
  SandboxRegistry,
  SandboxTarget,
} from '#adapters/sandbox/index.ts';
import type { Reading } from '#core/analysis/reading.ts';
import type { Artifact } from '#core/release.ts';
import type { TargetRef } from '#ports/delivery-target.ts';
import type { Log } from '#ports/log.ts';

const quick = { startMs: 0, errorRate: 0, latency: { medianMs: 20 } };
const hurriedTiming = {
  probeMs: 20,
  readyWithinMs: 1000,
  backoffMs: 20,
  backoffLimitMs: 100,
  drainMs: 200,
  settleMs: 2000,
  proofRequests: 30,
};

/** Versions whose kinds show within a second. */
const hurriedVersions = SandboxRegistry.parse({
  services: {
    shop: {
      initial: 'v1',
      versions: [
        { version: 'v1', character: quick },
        { version: 'v2', character: quick },
        { version: 'v3', character: { ...quick, errorRate: 0.3 } },
        { version: 'v4', character: { ...quick, startMs: 5000, crashAfterMs: 0 } },
        { version: 'v5', character: { ...quick, neverReady: true } },
        { version: 'v6', character: { ...quick, failingJobs: ['migrate'] } },
      ],
    },
    // Nothing runs there before the first release.
    blog: { initial: null, versions: [{ version: 'v1', character: quick }] },
  },
});

/** A sandbox in a hurry: short periods, many visitors. */
export function createHurriedSandbox(
  directory: string,
  options: {
    readonly lingerMs?: number;
    readonly instances?: number;
    readonly requestsPerSecond?: number;
    readonly targets?: readonly string[];
    readonly places?: readonly TargetRef[];
    readonly log?: Log;
    readonly aheadMs?: number;
  } = {},
) {
  const { instances = 1, requestsPerSecond = 200, targets = ['here'], aheadMs = 0 } = options;
  const target = SandboxTarget.parse({
    instances,
    requestsPerSecond,
    restingRequestsPerSecond: requestsPerSecond,
    timing: hurriedTiming,
  });
  return createSandbox({
    directory,
    clock: { now: () => Date.now() + aheadMs },
    log: options.log ?? silent,
    lingerMs: options.lingerMs ?? 0,
    targets: Object.fromEntries(targets.map((name) => [name, target])),
    registry: hurriedVersions,
    metrics: SandboxMetrics.parse({ scrapeMs: 100 }),
    places: options.places ?? [],
  });
}

export type HurriedSandbox = ReturnType<typeof createHurriedSandbox>;

/** Runs in a directory of its own, which is gone afterwards. */
export async function freshDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'signalbox-sandbox-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export async function version(
  sandbox: HurriedSandbox,
  name: string,
  service = 'shop',
): Promise<Artifact> {
  const artifact = await sandbox.registry.resolve(service, '', name);
  if (artifact === null) throw new Error(`no ${name}`);
  return artifact;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Requests and errors in the samples of a ratio. */
export function tally(...readings: readonly Reading[]): {
  readonly total: number;
  readonly bad: number;
} {
  const samples = readings.flatMap((reading) => reading.samples);
  const ratios = samples.flatMap((sample) => (sample.kind === 'ratio' ? sample : []));
  return {
    total: ratios.reduce((sum, { total }) => sum + total, 0),
    bad: ratios.reduce((sum, { bad }) => sum + bad, 0),
  };
}

/** Asks until the answer is right; the last answer is in the error when it never is. */
export async function until<T>(
  what: string,
  ask: () => Promise<T>,
  holds: (value: T) => boolean,
  withinMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const value = await ask();
    if (holds(value)) return value;
    if (performance.now() > deadline) throw new Error(`not ${what}: ${JSON.stringify(value)}`);
    await sleep(20);
  }
}

const silent: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

function quiet(): void {
  // Nobody reads it.
}
