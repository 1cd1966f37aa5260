import type { Server } from 'node:http';
import { createHttpMetrics, type HttpMetrics } from './instance/http-metrics.ts';
import type { Timing } from './options.ts';
import { type Backend, createProxy, wallNow } from './proxy.ts';
import { type Side, sides } from './side.ts';
import { createSplit } from './split.ts';
import { createSplitter } from './weight.ts';

interface NamedCounters {
  readonly key: string;
  readonly metrics: HttpMetrics;
}

/** The weighted way into one service at one target. */
export interface Router {
  /** The port it listens on: the wanted one, or any other when that is taken or null. */
  listen(wanted: number | null): Promise<number>;
  /** In force at once, for the next request. */
  setWeight(weight: number): void;
  weight(): number;
  proof(): 'measured' | 'accepted' | 'pending';
  /** Counters of what a side runs now, and their name. */
  counters(side: Side): NamedCounters | null;
  close(): Promise<void>;
}

interface RouterOptions {
  readonly backends: (side: Side) => readonly Backend[];
  /** What the side runs; null when there is no such side. */
  readonly digest: (side: Side) => string | null;
  readonly timing: Timing;
}

/** All traffic goes to stable at first. */
export function createRouter({ backends, digest, timing }: RouterOptions): Router {
  const split = createSplit(timing.proofRequests, timing.settleMs, wallNow());
  const splitter = createSplitter();
  const beside = createSplitter();
  const counters = new Map<string, NamedCounters>();
  let weight = 0;
  let turn = 0;
  let made = 0;

  function countersOf(side: Side): NamedCounters {
    const name = nameOf(side);
    const known = counters.get(name);
    if (known !== undefined) return known;
    const current = new Set(sides.map(nameOf));
    for (const old of counters.keys()) if (!current.has(old)) counters.delete(old);
    made += 1;
    const fresh = { key: `proxy ${made}`, metrics: createHttpMetrics() };
    counters.set(name, fresh);
    return fresh;
  }

  function nameOf(side: Side): string {
    return `${side} ${digest(side) ?? ''}`;
  }

  function route(): {
    readonly side: Side;
    readonly share: number;
    readonly backend: Backend | null;
  } {
    const toCandidate = splitter.candidateIsNext(weight);
    split.note(toCandidate);
    const baseline = baselineShare();
    const shares = { candidate: weight, baseline, stable: 100 - weight - baseline };
    const side = toCandidate ? 'candidate' : controlSide(baseline);
    const ready = backends(side);
    turn += 1;
    const backend = ready[turn % Math.max(1, ready.length)] ?? null;
    return { side, share: shares[side], backend };
  }

  /** Of what the candidate does not get, the fresh baseline gets as much as it, if it can serve. */
  function baselineShare(): number {
    return backends('baseline').length === 0 ? 0 : Math.min(weight, 100 - weight);
  }

  function controlSide(baseline: number): Side {
    if (baseline === 0) return 'stable';
    return beside.candidateIsNext((100 * baseline) / (100 - weight)) ? 'baseline' : 'stable';
  }

  const server = createProxy({ route, counters: (side) => countersOf(side).metrics });

  return {
    async listen(wanted) {
      return (await tryListen(server, wanted ?? 0)) ?? (await listenAnywhere(server));
    },
    setWeight(next) {
      if (next === weight) return;
      weight = next;
      split.reset(wallNow());
    },
    weight: () => weight,
    proof: () => split.proof(weight, wallNow()),
    counters: (side) => (digest(side) === null ? null : countersOf(side)),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function tryListen(server: Server, port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const refused = (): void => resolve(null);
    server.once('error', refused);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', refused);
      const address = server.address();
      resolve(address === null || typeof address === 'string' ? null : address.port);
    });
  });
}

async function listenAnywhere(server: Server): Promise<number> {
  const port = await tryListen(server, 0);
  if (port === null) throw new Error('no loopback port is free');
  return port;
}
