import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from '#core/fault.ts';
import { redactText } from '#core/redact-text.ts';
import type { Artifact } from '#core/release.ts';
import type { Clock } from '#ports/clock.ts';
import type {
  DeliveryTarget,
  Stamp,
  TargetChange,
  TargetProblem,
  TargetRef,
  TargetStatus,
} from '#ports/delivery-target.ts';
import type { Log } from '#ports/log.ts';
import { type Api, kinds } from './api.ts';
import { stableBody } from './bodies.ts';
import { carryOut, ownedCopies } from './carry-out.ts';
import { closedBy, driftOf } from './drift.ts';
import { type CheckState, createHttpChecks } from './http-check.ts';
import { tendJobs } from './jobs.ts';
import { annotations } from './names.ts';
import { isRolledOut, nextWrite } from './next-write.ts';
import type { Observing } from './observing.ts';
import { type KubernetesTarget, serviceAt } from './options.ts';
import {
  type Home,
  namesOf,
  type Place,
  type PlaceNames,
  readPlace,
  type SeenSplit,
} from './place.ts';
import { nextRecorded, type Recorded } from './recorded.ts';
import { missingReferences } from './references.ts';
import { problemsOf, statusOf } from './status.ts';
import { createTending, type Round } from './tending.ts';

/** Requests that the sides served since then, as a metrics source counts them; null when unknown. */
export type MeasureSplit = (
  ref: TargetRef,
  artifacts: { readonly stable: Artifact; readonly candidate: Artifact },
  since: number,
) => Promise<SeenSplit | null>;

export interface TargetParts {
  readonly settings: (target: string) => KubernetesTarget;
  readonly api: (target: string) => Api;
  readonly measure: MeasureSplit;
  readonly observing: Observing;
  readonly clock: Clock;
  readonly log: Log;
  /** Longest time between two looks at a place that is on its way. */
  readonly pauseMs: number;
}

/** A write that lost a race is decided anew so often before the caller hears of it. */
const mostAttempts = 7;

/** Services in namespaces of Kubernetes clusters as delivery targets. */
export function createKubernetesDelivery(parts: TargetParts): {
  readonly target: DeliveryTarget;
  close(): Promise<void>;
} {
  const { clock, log, measure } = parts;
  const refs = new Map<string, TargetRef>();
  const homes = new Map<string, Home>();
  const checks = createHttpChecks();
  const tending = createTending({ round, pauseMs: parts.pauseMs, log });

  function namesFor(ref: TargetRef): PlaceNames {
    const settings = parts.settings(ref.target);
    return namesOf(ref, settings, serviceAt(settings, ref.service));
  }

  /** Looks at a place. Before a change it is read whole instead: where it is counts then. */
  async function look(ref: TargetRef): Promise<Place> {
    const key = keyOf(ref);
    const place = await readPlace(parts.api(ref.target), namesFor(ref), homes.get(key) ?? null);
    homes.set(key, place.home);
    return place;
  }

  /** From now on what changes there is noticed. */
  function remember(ref: TargetRef): void {
    const key = keyOf(ref);
    if (refs.has(key)) return;
    refs.set(key, ref);
    parts.observing.observe(ref.target, namesFor(ref), () => tending.poke(key));
  }

  async function seenAt(ref: TargetRef, { live, beside, route, stableService }: Place) {
    const since = shiftedAt(route ?? stableService);
    if (live === null || beside === null || since === null) return null;
    return measure(ref, { stable: live, candidate: beside }, since);
  }

  /** HTTP checks that the present rollout asked for, by their names. */
  function checksAt(ref: TargetRef, { recorded, names }: Place): readonly NamedCheck[] {
    const rollout = recorded?.desired.stamp?.rollout ?? '';
    return Object.entries(recorded?.desired.jobs ?? {}).flatMap(([name, { digest }]) => {
      const job = names.settings.jobs[name];
      if (job?.kind !== 'http') return [];
      const key = JSON.stringify([keyOf(ref), rollout, name, digest]);
      return [[name, checks.state(key, job, () => tending.poke(keyOf(ref)))] as const];
    });
  }

  async function round(key: string): Promise<Round> {
    const ref = refs.get(key);
    if (ref === undefined) return 'rest';
    const place = await look(ref);
    const { recorded } = place;
    if (recorded === null || recorded.desired.stamp === null) return 'rest';
    const api = parts.api(ref.target);
    if (closedBy(place) !== null || driftOf(place) !== null) return 'waiting';
    const started = await tendJobs(api, place, recorded);
    const write = nextWrite(place, recorded, clock.now(), await seenAt(ref, place));
    if (write === null) return started || !isAtRest(place, recorded) ? 'waiting' : 'rest';
    await carryOut(api, place, recorded, write, clock.now());
    return 'busy';
  }

  async function changeOnce(
    ref: TargetRef,
    asked: TargetChange,
    stamp: Stamp,
    identity: string,
  ): Promise<void> {
    const place = await readPlace(parts.api(ref.target), namesFor(ref), null);
    if (place.identity !== identity) {
      const text = `${place.names.deployment} at ${ref.target} is not the planned one.`;
      throw new Fault('target.identity_changed', text, { retryable: false });
    }
    const closed = closedBy(place);
    if (closed !== null) throw new Fault('target.rejected', closed, { retryable: false });
    requireJob(place, asked);
    const { live, template, recorded } = place;
    const copies = place.anchor.spec.replicas;
    const seen = { live, copies, template, drift: driftOf(place) };
    const next = nextRecorded(recorded, seen, asked, stamp);
    tending.renew(keyOf(ref));
    if (next !== null) await writeRecord(parts.api(ref.target), place, next);
    tending.poke(keyOf(ref));
  }

  /** Controllers write to the same objects all the time: what was read anew is decided anew. */
  async function change(...asked: Parameters<typeof changeOnce>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await changeOnce(...asked);
      } catch (error) {
        const isLost = error instanceof Fault && error.code === 'target.conflict';
        if (!isLost || !error.retryable || attempt >= mostAttempts) throw error;
        await pause(10 * 2 ** attempt);
      }
    }
  }

  return {
    target: {
      async inspect(ref) {
        remember(ref);
        const place = await look(ref);
        const stopped = tending.stopped(keyOf(ref));
        if (stopped !== null) throw stopped;
        if (place.recorded !== null && !isAtRest(place, place.recorded)) tending.begin(keyOf(ref));
        const problems = await explained(parts.api(ref.target), place);
        const status = statusOf(place, clock.now(), await seenAt(ref, place), problems);
        return withChecks(status, checksAt(ref, place));
      },
      async change(ref, asked, stamp, identity) {
        remember(ref);
        await change(ref, asked, stamp, identity);
      },
    },
    async close() {
      checks.close();
      await tending.close();
    },
  };
}

type NamedCheck = readonly [name: string, state: CheckState];

/** A status with how its HTTP checks stand. */
function withChecks(status: TargetStatus, checks: readonly NamedCheck[]): TargetStatus {
  if (checks.length === 0) return status;
  const failed = checks.flatMap(([name, { state, text }]): TargetProblem[] =>
    state === 'failed' ? [{ code: 'job_failed', text: `${name}: ${text}`.slice(0, 500) }] : [],
  );
  const states = checks.map(([name, { state }]) => [name, state] as const);
  return {
    ...status,
    problems: [...failed, ...status.problems],
    jobs: { ...status.jobs, ...Object.fromEntries(states) },
  };
}

/** One write records what is wanted from now on; everything else follows from it. */
async function writeRecord(api: Api, place: Place, next: Recorded): Promise<void> {
  await api.apply(
    kinds.deployment,
    place.names.deployment,
    stableBody(place, next, place.live, ownedCopies(place)),
    `Recording a change at ${place.names.deployment}`,
  );
}

/** Nothing is on its way and nothing is to be kept an eye on. */
function isAtRest(place: Place, { desired }: Recorded): boolean {
  return (
    desired.candidate === null &&
    place.candidate === null &&
    place.baseline === null &&
    isRolledOut(place.anchor) &&
    Object.keys(desired.jobs).length === 0
  );
}

/** Problems with the last words of what crashed, and with what the new pods lack. */
async function explained(api: Api, place: Place): Promise<readonly TargetProblem[]> {
  const found = problemsOf(place);
  const isComing = place.candidate !== null && place.recorded?.desired.candidate != null;
  const template = isComing ? place.candidate?.spec.template : place.anchor.spec.template;
  const missing =
    template === undefined || place.recorded === null ? [] : await missingReferences(api, template);
  return Promise.all(
    [...missing, ...found].map(async ({ code, text, crash }) => {
      if (crash === null) return { code, text };
      const words = redactText(await api.lastWords(crash.pod, crash.container));
      return { code, text: words === '' ? text : `${text}\n${words}`.slice(0, 500) };
    }),
  );
}

function requireJob({ names }: Place, asked: TargetChange): void {
  if (asked.kind !== 'run' || names.settings.jobs[asked.job] !== undefined) return;
  const text = `The settings of ${names.ref.target} do not say how the job ${asked.job} runs.`;
  throw new Fault('target.rejected', text, { retryable: false });
}

function keyOf({ target, service, environment }: TargetRef): string {
  return `${target}/${service}/${environment}`;
}

function shiftedAt(object: Place['route'] | Place['stableService']): number | null {
  const text = object?.metadata.annotations[annotations.shifted];
  return text === undefined ? null : Number(text);
}
