import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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
    let place: Place;
    beforeEach(async () => {
      bench = await create();
      place = await begin(bench);
    });
    afterEach(() => bench.close());
    const ask: Place['ask'] = (...asked) => place.ask(...asked);
    const until: Place['until'] = (...awaited) => place.until(...awaited);

    async function canary(weight: number): Promise<TargetStatus> {
      await ask({ kind: 'prepare', artifact: bench.second, capacityPercent: 50 }, by({ step: 0 }));
      await until('the candidate is ready', candidateIs(bench.second));
      await ask({ kind: 'shift', weight }, by({ step: 1 }));
      return until('the weight is proven', weightIs(weight));
    }

    it('prepares without traffic, shifts some, restores stable and takes it back', async () => {
      await ask({ kind: 'prepare', artifact: bench.second, capacityPercent: 50 });
      const status = await until('the candidate is ready', candidateIs(bench.second));
      expect(status).toMatchObject({ weight: 0, stamp: by({}) });
      expect(status.stable?.artifact.digest).toBe(bench.first.digest);
      await ask({ kind: 'shift', weight: 25 }, by({ step: 1 }));
      expect((await until('it is shifted', weightIs(25))).weightProof).not.toBe('pending');
      await ask({ kind: 'restore' }, by({ step: 2 }));
      const restored = await until('stable is whole', stableIs(bench.first));
      expect(restored.stamp).toEqual(by({ step: 2 }));
      await ask({ kind: 'shift', weight: 0 }, by({ step: 3 }));
      expect((await until('traffic is back', weightIs(0))).candidate).not.toBeNull();
    });

    it('promotes once, however often it is asked, keeps the way back, and retires it', async () => {
      await canary(50);
      await ask({ kind: 'promote' }, by({ step: 2 }));
      await ask({ kind: 'promote' }, by({ step: 2 }));
      await ask({ kind: 'promote' }, by({ step: 2, fence: 8 }));
      const promoted = await until(
        'the new stable has all traffic',
        (it) => stableIs(bench.second)(it) && weightIs(0)(it),
      );
      expect(promoted.candidate?.artifact.digest).toBe(bench.first.digest);
      expect(promoted.stamp?.fence).toBe(8);
      await ask({ kind: 'retire' }, by({ step: 3, fence: 8 }));
      const retired = await until('the way back is gone', (it) => it.candidate === null);
      expect(retired.stable?.artifact.digest).toBe(bench.second.digest);
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

    it('runs a job once and remembers how it ended', async () => {
      const run = { kind: 'run', job: bench.job, artifact: bench.second } as const;
      await ask(run);
      const ended = await until('it has ended', (it) => it.jobs[bench.job] === 'succeeded');
      await ask(run, by({ fence: 6 }));
      expect((await bench.target.inspect(bench.ref)).jobs).toEqual(ended.jobs);
    });
  });

  // Nothing changes it, so one place is enough for all of them, in this order.
  describe(`${name} as a delivery target that nothing is released to`, { timeout: 60_000 }, () => {
    let bench: DeliveryTargetBench;
    let place: Place;
    beforeAll(async () => {
      bench = await create();
      place = await begin(bench);
    });
    afterAll(() => bench.close());

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

    it.each<[string, TargetChange, Partial<Stamp>, string, string]>([
      ['a lower fence', { kind: 'retire' }, { fence: 4 }, '', 'store.fenced'],
      ['another identity', { kind: 'retire' }, {}, 'x', 'target.identity_changed'],
      ['a promotion of nothing', { kind: 'promote' }, {}, '', 'target.rejected'],
      ['traffic for nothing', { kind: 'shift', weight: 10 }, {}, '', 'target.rejected'],
    ])('refuses %s and does nothing', async (_name, change, stamp, suffix, code) => {
      await place.ask({ kind: 'restore' });
      const before = await bench.target.inspect(bench.ref);
      const refused = bench.target.change(
        bench.ref,
        change,
        by(stamp),
        `${place.identity}${suffix}`,
      );
      await expect(refused).rejects.toMatchObject({ name: 'Fault', code });
      const after = await bench.target.inspect(bench.ref);
      expect({ ...after, weightProof: '' }).toEqual({ ...before, weightProof: '' });
    });

    it('fences off a rollout after another one wrote', async () => {
      await place.ask({ kind: 'restore' }, by({ fence: 9 }));
      await place.ask({ kind: 'restore' }, by({ rollout: 'shop-2', fence: 1 }));
      await expect(place.ask({ kind: 'restore' }, by({ fence: 10 }))).rejects.toMatchObject({
        code: 'store.fenced',
      });
    });
  });
}

interface Place {
  readonly identity: string;
  ask(change: TargetChange, stamp?: Stamp): Promise<void>;
  until(what: string, holds: (status: TargetStatus) => boolean): Promise<TargetStatus>;
}

/** The place of a bench, once its stable is ready. */
async function begin({ target, ref, first, pass }: DeliveryTargetBench): Promise<Place> {
  async function until(
    what: string,
    holds: (status: TargetStatus) => boolean,
  ): Promise<TargetStatus> {
    for (let round = 0; round < rounds; round += 1) {
      const status = await target.inspect(ref);
      if (holds(status)) return status;
      await pass();
    }
    const last = JSON.stringify(await target.inspect(ref));
    throw new Error(`It did not come about that ${what}: ${last}`);
  }
  const { identity } = await until('stable is ready', stableIs(first));
  return {
    identity,
    until,
    ask: (change, stamp = by({})) => target.change(ref, change, stamp, identity),
  };
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
