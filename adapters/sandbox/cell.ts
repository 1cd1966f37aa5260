import { Fault } from '#core/fault.ts';
import type { Artifact } from '#core/release.ts';
import type { Stamp, TargetChange, TargetRef, TargetStatus } from '#ports/delivery-target.ts';
import { type CellFile, cellName } from './cell-file.ts';
import {
  type CellRecord,
  type CharacterOf,
  firstRecord,
  identityOf,
  isSwapped,
  nextRecord,
  type Wishes,
  wishesOf,
} from './cell-record.ts';
import { statusOf } from './cell-status.ts';
import type { InstanceOrder } from './instance/order.ts';
import { createJobs } from './jobs.ts';
import type { SandboxMetrics, SandboxTarget } from './options.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { createRouter } from './router.ts';
import { sourcesOf, startScraping } from './scraping.ts';
import { createSupervisor, type LiveInstance } from './supervisor.ts';
import { startTraffic } from './traffic.ts';
import { weightInForce } from './weight.ts';

/** One service at one target: its processes, its proxy, its visitors and what was measured. */
export interface Cell {
  readonly ref: TargetRef;
  readonly port: number;
  readonly recorder: Recorder;
  status(): TargetStatus;
  /** One atomic write of the record; the world follows by itself. */
  change(change: TargetChange, stamp: Stamp, identity: string): Promise<void>;
  instances(): readonly LiveInstance[];
  /** Ends every process, and settles when all are gone. */
  close(): Promise<void>;
}

interface CellOptions {
  readonly ref: TargetRef;
  readonly file: CellFile;
  readonly target: SandboxTarget;
  readonly metrics: SandboxMetrics;
  /** What runs when there is no record yet. */
  readonly initial: Artifact | null;
  readonly characterOf: CharacterOf;
  readonly cacheDirectory: string;
}

/** Brings a cell up as it is recorded. */
export async function openCell(options: CellOptions): Promise<Cell> {
  const { ref, file, target, metrics, characterOf, cacheDirectory } = options;
  const { timing } = target;
  let record = (await file.read()) ?? firstRecord(options.initial, characterOf);
  // Asked for with each request: made with each record.
  let wished = wishesOf(record.desired, target.instances);
  let queue: Promise<unknown> = Promise.resolve();
  let isOpen = false;

  const supervisor = createSupervisor({
    wishes,
    order: (artifact, id) => order('serve', '', artifact, id),
    timing,
    cacheDirectory,
    onChange: settleWeight,
  });
  const router = createRouter({
    backends: supervisor.backends,
    digest: (side) => wishes()[side]?.digest ?? null,
    timing,
  });
  const jobs = createJobs({
    order: (job, artifact) => order('job', job, artifact, 0),
    cacheDirectory,
    onEnd(job, { digest }, failure) {
      const state = failure === null ? 'succeeded' : 'failed';
      const ended = { digest, state, text: failure ?? '' } as const;
      void inTurn(() => save({ ...record, jobs: { ...record.jobs, [job]: ended } }));
    },
  });

  function wishes(): Wishes {
    return wished;
  }

  function order(
    kind: InstanceOrder['kind'],
    job: string,
    { digest, version }: Artifact,
    id: number,
  ): InstanceOrder {
    const character = record.characters[digest];
    if (character === undefined) throw new Error(`${cellName(ref)} wants bits it does not know`);
    const { service, environment } = ref;
    return { kind, job, service, environment, version, seed: target.seed + id, character };
  }

  function settleWeight(): void {
    const { weight, promoted } = record.desired;
    router.setWeight(
      weightInForce({
        desired: weight,
        present: router.weight(),
        stable: supervisor.capacity('stable'),
        candidate: supervisor.capacity('candidate'),
        promoting: promoted,
      }),
    );
  }

  function reconcile(): void {
    supervisor.reconcile();
    jobs.reconcile(record.desired.jobs, (job, digest) => record.jobs[job]?.digest === digest);
    settleWeight();
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = queue.then(work);
    queue = mine.catch(() => {});
    return mine;
  }

  async function save(next: CellRecord): Promise<void> {
    await file.write(next);
    record = next;
    wished = wishesOf(record.desired, target.instances);
  }

  async function change(asked: TargetChange, stamp: Stamp, identity: string): Promise<void> {
    if (identity !== identityOf(ref, record.uid)) {
      throw new Fault('target.identity_changed', `${cellName(ref)} is not the planned place.`, {
        retryable: false,
      });
    }
    const next = nextRecord(record, asked, stamp, characterOf);
    if (next === null) return;
    const swapped = isSwapped(record.desired, next.desired);
    await save(next);
    if (swapped) router.setWeight(100 - router.weight());
    reconcile();
  }

  // Nobody visits a place that has never been open.
  function visitorsPerSecond(): number {
    isOpen ||= (supervisor.capacity('stable')?.ready ?? 0) > 0;
    if (!isOpen) return 0;
    const { candidate } = record.desired;
    return candidate === null ? target.restingRequestsPerSecond : target.requestsPerSecond;
  }

  const port = await router.listen(target.ports[ref.service] ?? record.port);
  await save({ ...record, port });
  reconcile();
  const recorder = createRecorder(Date.now, (metrics.keepSeconds * 1000) / metrics.scrapeMs);
  const sources = () => sourcesOf(wishes(), router, supervisor);
  const scraping = startScraping(recorder, sources, metrics.scrapeMs);
  const traffic = startTraffic(port, visitorsPerSecond, target.seed);

  return {
    ref,
    port,
    recorder,
    status: () => statusOf(identityOf(ref, record.uid), record, supervisor, router),
    change: (asked, stamp, identity) => inTurn(() => change(asked, stamp, identity)),
    instances: supervisor.instances,
    async close() {
      scraping.stop();
      traffic.stop();
      await Promise.all([supervisor.close(), jobs.close(), router.close(), queue]);
    },
  };
}
