import type { Artifact } from '#core/release.ts';
import type { TargetProblem } from '#ports/delivery-target.ts';
import type { Wish, Wishes } from './cell-record.ts';
import { createCrashes } from './crashes.ts';
import type { InstanceOrder } from './instance/order.ts';
import { type InstanceProcess, readInstance, startInstance } from './instance-process.ts';
import type { Timing } from './options.ts';
import { planInstances } from './plan-instances.ts';
import type { Backend } from './proxy.ts';
import type { Side } from './side.ts';
import type { Capacity } from './weight.ts';

/** A process of a side that can be asked. */
export interface LiveInstance {
  readonly id: number;
  readonly side: Side;
  readonly digest: string;
  readonly pid: number | undefined;
  readonly port: number | null;
  readonly ready: boolean;
}

/** Keeps the processes of one service at one target as they are wished. */
export interface Supervisor {
  reconcile(): void;
  backends(side: Side): readonly Backend[];
  capacity(side: Side): Capacity | null;
  problems(): readonly TargetProblem[];
  instances(): readonly LiveInstance[];
  /** Ends every process, and settles when all are gone. */
  close(): Promise<void>;
}

interface SupervisorOptions {
  readonly wishes: () => Wishes;
  readonly order: (artifact: Artifact, id: number) => InstanceOrder;
  readonly timing: Timing;
  readonly cacheDirectory: string;
  /** A process became ready, ceased to be, or ended. */
  readonly onChange: () => void;
}

interface Instance {
  readonly id: number;
  readonly artifact: Artifact;
  readonly process: InstanceProcess;
  readonly startedAt: number;
  side: Side;
  backend: (Backend & { underWay: number }) | null;
  readyAt: number | null;
  failedProbes: number;
  isStopping: boolean;
}

const toleratedProbes = 3;
const probeWithinMs = 1000;
/** A process that ends is noticed at once; probing is for those that hang. */
const calmProbes = 8;

/** Nothing runs until `reconcile` is called for the first time. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { wishes, order, timing, cacheDirectory, onChange } = options;
  const instances = new Map<number, Instance>();
  const crashes = createCrashes(timing);
  let lastId = 0;
  let isClosed = false;
  let later: ReturnType<typeof setTimeout> | undefined;

  function reconcile(): void {
    if (isClosed) return;
    const wished = wishes();
    crashes.keep([wished.stable?.digest, wished.candidate?.digest]);
    const views = [...instances.values()]
      .filter((it) => !it.isStopping)
      .map(({ id, side, artifact, readyAt }) => {
        return { id, side, digest: artifact.digest, ready: readyAt !== null };
      });
    clearTimeout(later);
    const actions = planInstances(wished, views);
    const starts = actions.filter((action) => action.kind === 'start');
    const isPutOff = starts.filter(({ side }) => !startWhenDue(wished[side], side)).length > 0;
    for (const action of actions) {
      if (action.kind === 'start') continue;
      if (action.kind === 'relabel') relabel(action.id, action.side);
      else void remove(action.id);
    }
    if (actions.some(({ kind }) => kind === 'stop')) {
      // What is stopping makes room for what is to be started.
      reconcile();
      return;
    }
    // A wait that is over by now still has to be acted upon.
    if (isPutOff) later = setTimeout(reconcile, crashes.nextWaitMs() ?? 0);
  }

  /** Whether it was started; not while it waits after a crash. */
  function startWhenDue(wish: Wish | null, side: Side): boolean {
    if (wish === null) return true;
    if (crashes.waitMs(wish.digest) > 0) return false;
    start(side, wish.artifact);
    return true;
  }

  function relabel(id: number, side: Side): void {
    const instance = instances.get(id);
    if (instance !== undefined) instance.side = side;
  }

  function start(side: Side, artifact: Artifact): void {
    lastId += 1;
    const instance: Instance = {
      id: lastId,
      artifact,
      process: startInstance(order(artifact, lastId), cacheDirectory),
      startedAt: performance.now(),
      side,
      backend: null,
      readyAt: null,
      failedProbes: 0,
      isStopping: false,
    };
    instances.set(instance.id, instance);
    void instance.process.ended.then(({ code, signal }) => {
      instances.delete(instance.id);
      if (instance.isStopping || isClosed) return;
      const how = signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
      crashes.note(artifact.digest, how, instance.process.complaints());
      reconcile();
      onChange();
    });
    void probe(instance);
  }

  async function probe(instance: Instance): Promise<void> {
    if (!instances.has(instance.id) || instance.isStopping || isClosed) return;
    const port = instance.process.port();
    const answer = port === null ? null : await readInstance(port, '/readyz', probeWithinMs);
    if (port !== null) noteProbe(instance, port, answer !== null);
    const isReady = instance.readyAt !== null;
    setTimeout(() => void probe(instance), isReady ? timing.probeMs * calmProbes : timing.probeMs);
  }

  function noteProbe(instance: Instance, port: number, isReady: boolean): void {
    instance.failedProbes = isReady ? 0 : instance.failedProbes + 1;
    const now = performance.now();
    if (isReady && instance.readyAt === null) {
      instance.backend ??= { port, underWay: 0 };
      instance.readyAt = now;
      changed();
    } else if (!isReady && instance.readyAt !== null && instance.failedProbes >= toleratedProbes) {
      instance.readyAt = null;
      changed();
    }
    if (instance.readyAt !== null && now - instance.readyAt > timing.calmMs) {
      crashes.forgive(instance.artifact.digest);
    }
  }

  function changed(): void {
    reconcile();
    onChange();
  }

  async function remove(id: number): Promise<void> {
    const instance = instances.get(id);
    if (instance === undefined) return;
    instance.isStopping = true;
    const deadline = performance.now() + timing.drainMs;
    while ((instance.backend?.underWay ?? 0) > 0 && performance.now() < deadline && !isClosed) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    instance.process.stop();
  }

  function neverReady(): readonly TargetProblem[] {
    const now = performance.now();
    const waiting = [...instances.values()].filter(
      (it) => it.readyAt === null && !it.isStopping && now - it.startedAt > timing.readyWithinMs,
    );
    const byVersion = Map.groupBy(waiting, ({ artifact }) => artifact.version);
    return [...byVersion].map(([version, [first]]) => {
      const words = first?.process.complaints().at(-1) ?? 'it said nothing';
      const text = `${version} has not become ready in ${timing.readyWithinMs / 1000} s: ${words}`;
      return { code: 'never_ready', text: text.slice(0, 500) };
    });
  }

  return {
    reconcile,
    backends(side) {
      const digest = side === 'stable' ? null : (wishes()[side]?.digest ?? '');
      const found: Backend[] = [];
      for (const it of instances.values()) {
        if (it.side !== side || it.readyAt === null || it.isStopping) continue;
        const isWished = digest === null || it.artifact.digest === digest;
        if (isWished && it.backend !== null) found.push(it.backend);
      }
      return found;
    },
    capacity(side) {
      const wish = wishes()[side];
      if (wish === null) return null;
      const ready = [...instances.values()].filter(
        (it) =>
          it.side === side &&
          it.artifact.digest === wish.digest &&
          it.readyAt !== null &&
          !it.isStopping,
      );
      return { wanted: wish.wanted, ready: Math.min(ready.length, wish.wanted) };
    },
    problems() {
      const { stable, candidate } = wishes();
      const running = [stable, candidate].flatMap((wish) => wish?.artifact ?? []);
      return [...running.flatMap((artifact) => crashes.problemOf(artifact) ?? []), ...neverReady()];
    },
    instances() {
      return [...instances.values()].map(({ id, side, artifact, process, readyAt }) => {
        const { pid } = process;
        const ready = readyAt !== null;
        return { id, side, digest: artifact.digest, pid, port: process.port(), ready };
      });
    },
    async close() {
      isClosed = true;
      clearTimeout(later);
      const all = [...instances.values()];
      for (const { process } of all) process.stop();
      await Promise.all(all.map(({ process }) => process.ended));
    },
  };
}
