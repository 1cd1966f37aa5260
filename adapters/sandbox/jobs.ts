import type { Artifact } from '#core/release.ts';
import type { InstanceOrder } from './instance/order.ts';
import { type InstanceProcess, startInstance } from './instance-process.ts';

/** Jobs that are running at one target. */
export interface Jobs {
  /** Starts each of these that neither runs nor has `isDone`, and ends what is not among them. */
  reconcile(
    wished: Readonly<Record<string, Artifact>>,
    isDone: (job: string, digest: string) => boolean,
  ): void;
  close(): Promise<void>;
}

/** Runs each job in a process of its own, and says how it ended. */
export function createJobs(options: {
  readonly order: (job: string, artifact: Artifact) => InstanceOrder;
  readonly cacheDirectory: string;
  readonly onEnd: (job: string, artifact: Artifact, failure: string | null) => void;
}): Jobs {
  const running = new Map<string, { readonly digest: string; readonly process: InstanceProcess }>();

  function start(job: string, artifact: Artifact): void {
    const process = startInstance(options.order(job, artifact), options.cacheDirectory);
    const mine = { digest: artifact.digest, process };
    running.set(job, mine);
    void process.ended.then(({ code }) => {
      if (running.get(job) !== mine) return;
      running.delete(job);
      const words = process.complaints().join(' / ').slice(0, 400);
      options.onEnd(job, artifact, code === 0 ? null : words || `it ended with ${code}`);
    });
  }

  function end(job: string): void {
    running.get(job)?.process.stop();
    running.delete(job);
  }

  return {
    reconcile(wished, isDone) {
      for (const [job, { digest }] of running) if (wished[job]?.digest !== digest) end(job);
      for (const [job, artifact] of Object.entries(wished)) {
        if (!running.has(job) && !isDone(job, artifact.digest)) start(job, artifact);
      }
    },
    async close() {
      const all = [...running.values()];
      for (const job of [...running.keys()]) end(job);
      await Promise.all(all.map(({ process }) => process.ended));
    },
  };
}
