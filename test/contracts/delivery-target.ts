import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Artifact } from '#core/release.ts';
import type {
  DeliveryTarget,
  Stamp,
  TargetChange,
  TargetRef,
  TargetStatus,
} from '#ports/delivery-target.ts';

/** A fresh place where `first` runs, and artifacts that can be released there. */
export interface DeliveryTargetBench {
  readonly target: DeliveryTarget;
  readonly ref: TargetRef;
  readonly first: Artifact;
  readonly second: Artifact;
  readonly third: Artifact;
  /** Never becomes ready. */
  readonly broken: Artifact;
  /** Ends well when run with `second`. */
  readonly job: string;
  /** Lets the world move a little. */
  pass(): Promise<void>;
  close(): Promise<void>;
}

const rounds = 400;

/** What every delivery target promises. */
export function deliveryTargetContract(
  name: string,
  create: () => Promise<DeliveryTargetBench>,
): void {
  describe(`${name} as a delivery target`, { timeout: 60_000 }, () => {
    let bench: DeliveryTargetBench;
    let identity: string;
    beforeEach(async () => {
      bench = await create();
      identity = (await until('stable is ready', stableIs(bench.first))).identity;
    });
    afterEach(() => bench.close());

    async function until(
      what: string,
      holds: (status: TargetStatus) => boolean,
    ): Promise<TargetStatus> {
      for (let round = 0; round < rounds; round += 1) {
        const status = await bench.target.inspect(bench.ref);
        if (holds(status)) return status;
        await bench.pass();
      }
      const last = JSON.stringify(await bench.target.inspect(bench.ref));
      throw new Error(`It did not come about that ${what}: ${last}`);
    }

    async function ask(change: TargetChange, stamp: Stamp = by({})): Promise<void> {
      await bench.target.change(bench.ref, change, stamp, identity);
    }

    async function canary(weight: number): Promise<TargetStatus> {
      await ask({ kind: 'prepare', artifact: bench.second, capacityPercent: 50 }, by({ step: 0 }));
      await until('the candidate is ready', candidateIs(bench.second));
      await ask({ kind: 'shift', weight }, by({ step: 1 }));
      return until('the weight is proven', weightIs(weight));
    }

    it('runs what ran before, and nothing is asked of it yet', async () => {
      expect(await bench.target.inspect(bench.ref)).toMatchObject({
        stable: { artifact: { digest: bench.first.digest } },
        candidate: null,
        weight: 0,
        stamp: null,
        problems: [],
        drift: null,
      });
    });

    it('prepares a candidate without traffic', async () => {
      await ask({ kind: 'prepare', artifact: bench.second, capacityPercent: 50 });
      const status = await until('the candidate is ready', candidateIs(bench.second));
      expect(status).toMatchObject({ weight: 0, stamp: by({}) });
      expect(status.stable?.artifact.digest).toBe(bench.first.digest);
    });

    it('shifts traffic there and back', async () => {
      expect((await canary(25)).weightProof).not.toBe('pending');
      await ask({ kind: 'shift', weight: 0 }, by({ step: 2 }));
      expect((await until('traffic is back', weightIs(0))).candidate).not.toBeNull();
    });

    it('promotes, keeps the way back, and retires it', async () => {
      await canary(50);
      await ask({ kind: 'promote' }, by({ step: 2 }));
      const promoted = await until(
        'the new stable has all traffic',
        (it) => stableIs(bench.second)(it) && weightIs(0)(it),
      );
      expect(promoted.candidate?.artifact.digest).toBe(bench.first.digest);
      await ask({ kind: 'retire' }, by({ step: 3 }));
      const retired = await until('the way back is gone', (it) => it.candidate === null);
      expect(retired.stable?.artifact.digest).toBe(bench.second.digest);
    });

    it('makes a promotion once, however often it is asked', async () => {
      await canary(50);
      await ask({ kind: 'promote' }, by({ step: 2 }));
      await ask({ kind: 'promote' }, by({ step: 2 }));
      await ask({ kind: 'promote' }, by({ step: 2, fence: 8 }));
      const status = await until('stable is the second', stableIs(bench.second));
      expect(status.candidate?.artifact.digest).toBe(bench.first.digest);
      expect(status.stamp?.fence).toBe(8);
    });

    it('goes back to the former stable after a promotion', async () => {
      await canary(50);
      await ask({ kind: 'promote' }, by({ step: 2 }));
      await until('stable is the second', stableIs(bench.second));
      const back = { rollout: 'shop-2', fence: 1 };
      const wayBack = bench.first;
      await ask(
        { kind: 'prepare', artifact: wayBack, capacityPercent: 100 },
        by({ ...back, step: 0 }),
      );
      await until('the way back is ready', candidateIs(wayBack));
      await ask({ kind: 'shift', weight: 100 }, by({ ...back, step: 1 }));
      await until('traffic is back', weightIs(100));
      await ask({ kind: 'promote' }, by({ ...back, step: 2 }));
      await ask({ kind: 'retire' }, by({ ...back, step: 3 }));
      const status = await until(
        'the first alone is left',
        (it) => stableIs(wayBack)(it) && it.candidate === null,
      );
      expect(status.weight).toBe(0);
    });

    it('puts a newer candidate in the place of the former, without traffic', async () => {
      await canary(50);
      const prepare = { kind: 'prepare', artifact: bench.third, capacityPercent: 50 } as const;
      await ask(prepare, by({ rollout: 'shop-2', fence: 1 }));
      const status = await until('the third is ready', candidateIs(bench.third));
      expect(status.weight).toBe(0);
      expect(status.stable?.artifact.digest).toBe(bench.first.digest);
    });

    it('gives no traffic to a candidate that is not ready, and says what is wrong', async () => {
      await ask({ kind: 'prepare', artifact: bench.broken, capacityPercent: 50 }, by({ step: 0 }));
      await ask({ kind: 'shift', weight: 50 }, by({ step: 1 }));
      const status = await until('a problem shows', (it) => it.problems.length > 0);
      expect(status).toMatchObject({ weight: 0, weightProof: 'pending', candidate: { ready: 0 } });
      expect(status.stable?.ready).toBe(status.stable?.wanted);
      await ask({ kind: 'retire' }, by({ step: 2 }));
      await until('the problem is gone', (it) => it.problems.length === 0);
    });

    it('replaces stable in place', async () => {
      await ask({ kind: 'replace', artifact: bench.second });
      const status = await until('stable is the second', stableIs(bench.second));
      expect(status).toMatchObject({ candidate: null, weight: 0 });
    });

    it('keeps stable at full capacity when asked to restore it', async () => {
      await canary(50);
      await ask({ kind: 'restore' }, by({ step: 2 }));
      const status = await until('stable is ready', stableIs(bench.first));
      expect(status.stamp).toEqual(by({ step: 2 }));
    });

    it('runs a job once and remembers how it ended', async () => {
      const run = { kind: 'run', job: bench.job, artifact: bench.second } as const;
      await ask(run);
      const ended = await until('it has ended', (it) => it.jobs[bench.job] === 'succeeded');
      await ask(run, by({ fence: 6 }));
      expect((await bench.target.inspect(bench.ref)).jobs).toEqual(ended.jobs);
    });

    it.each<[string, TargetChange, Partial<Stamp>, string, string]>([
      ['a lower fence', { kind: 'retire' }, { fence: 4 }, '', 'store.fenced'],
      ['another identity', { kind: 'retire' }, {}, 'x', 'target.identity_changed'],
      ['a promotion of nothing', { kind: 'promote' }, {}, '', 'target.rejected'],
      ['traffic for nothing', { kind: 'shift', weight: 10 }, {}, '', 'target.rejected'],
    ])('refuses %s and does nothing', async (_name, change, stamp, suffix, code) => {
      await ask({ kind: 'restore' });
      const before = await bench.target.inspect(bench.ref);
      const refused = bench.target.change(bench.ref, change, by(stamp), `${identity}${suffix}`);
      await expect(refused).rejects.toMatchObject({ name: 'Fault', code });
      const after = await bench.target.inspect(bench.ref);
      expect({ ...after, weightProof: '' }).toEqual({ ...before, weightProof: '' });
    });

    it('fences off a rollout after another one wrote', async () => {
      await ask({ kind: 'restore' }, by({ fence: 9 }));
      await ask({ kind: 'restore' }, by({ rollout: 'shop-2', fence: 1 }));
      await expect(ask({ kind: 'restore' }, by({ fence: 10 }))).rejects.toMatchObject({
        code: 'store.fenced',
      });
    });
  });
}

function by(part: Partial<Stamp>): Stamp {
  return { rollout: 'shop-1', planHash: 'p1', step: 0, fence: 5, ...part };
}

function stableIs(artifact: Artifact): (status: TargetStatus) => boolean {
  return ({ stable }) =>
    stable?.artifact.digest === artifact.digest && stable.ready === stable.wanted;
}

function candidateIs(artifact: Artifact): (status: TargetStatus) => boolean {
  return ({ candidate }) =>
    candidate?.artifact.digest === artifact.digest && candidate.ready === candidate.wanted;
}

function weightIs(weight: number): (status: TargetStatus) => boolean {
  return (status) => status.weight === weight && status.weightProof !== 'pending';
}
