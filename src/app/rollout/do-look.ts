import type { World } from '#app/world.ts';
import type { JudgeInput } from '#core/analysis/judge.ts';
import type { Analysis, Metric } from '#core/analysis/metric.ts';
import type { Reading } from '#core/analysis/reading.ts';
import { encodeLook } from '#core/analysis/stored.ts';
import { judgeTogether } from '#core/analysis/together.ts';
import type { Instant } from '#core/ids.ts';
import { signalbox } from '#core/people.ts';
import type { Artifact } from '#core/release.ts';
import { absorbJudgement } from '#core/rollout/absorb.ts';
import { exposureOf } from '#core/rollout/exposure.ts';
import type { Work } from '#core/rollout/next.ts';
import { metricsOutage, outageEvents } from '#core/rollout/outage.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { watchedStages } from '#core/rollout/watched-stages.ts';
import { formerAt } from '#core/rollout/way-back.ts';
import type { MetricQuestion } from '#ports/metrics-source.ts';
import { driftAt } from './do-converge.ts';
import { learntBefore } from './learnt-before.ts';
import type { Outcome } from './outcome.ts';
import { previousRun } from './previous-run.ts';

type Look = Extract<Work, { kind: 'look' }>;

/**
 * Reads all metrics on both sides at every target of the look, has them judged together, and keeps what
 * the judge saw.
 */
export async function doLook(world: World, state: RolloutState, work: Look): Promise<Outcome> {
  const analysis = world.settings().settings.analyses[work.analysis];
  if (analysis === undefined) {
    const detail = `the analysis ${work.analysis} is no longer in the settings`;
    return {
      events: [{ kind: 'rollout.paused', reason: 'policy_changed', detail, by: signalbox }],
      wakeAt: null,
      rest: true,
    };
  }
  const found = await Promise.all(work.targets.map((target) => driftAt(world, state, target)));
  const moved = found.find((outcome) => outcome !== null);
  if (moved !== undefined) return moved;
  const learnt = await learntBefore(world, state, work.analysis, analysis);
  const sides = await Promise.all(
    work.targets.map(async (target) => {
      const input = await inputAt(world, state, work, analysis, target);
      return { target, input: learnt.length === 0 ? input : { ...input, learnt } };
    }),
  );
  const judgement = judgeTogether(world.judge, sides);
  const id = `${state.id}/${work.step}/${state.steps[work.step]?.attempt ?? 1}/${judgement.look}`;
  const previous = state.plan?.previous ?? null;
  const json = encodeLook(sides, {
    service: state.service,
    environment: state.environment,
    stable: previous === null ? null : versionOf(previous),
    candidate: versionOf(state.artifact),
    step: work.step,
    at: work.to,
  });
  const classes = sides.flatMap(({ input }) =>
    input.readings.flatMap(({ stable, candidate }) => [stable.class, candidate.class]),
  );
  const samples = { id, hash: world.crypto.sha256(json), classes };
  const now = world.clock.now();
  const read = sides.flatMap(({ input }) => named(analysis, input.readings));
  const outage = outageEvents(state, metricsOutage(read), now);
  const events = [...outage, ...absorbJudgement(state, work, judgement, samples, now)];
  return { events, wakeAt: null, samples: { id, json } };
}

/** Readings with the source that each was asked of. */
function named(
  { metrics, source }: Analysis,
  readings: readonly { readonly metric: string; stable: Reading; candidate: Reading }[],
): Parameters<typeof metricsOutage>[0] {
  return readings.flatMap(({ metric, stable, candidate }) => {
    const own = metrics.find(({ name }) => name === metric)?.source ?? source;
    return [candidate, stable].map((reading) => ({ source: own, reading }));
  });
}

/** What the judge is given of one target. */
async function inputAt(
  world: World,
  state: RolloutState,
  work: Look,
  analysis: Analysis,
  target: string,
): Promise<JudgeInput> {
  const stepSeconds = analysis.step ?? work.everySeconds;
  const before =
    analysis.baseline === 'previous'
      ? await previousRun(world, state, work.step, stepSeconds, target)
      : null;
  const { from, to } = work;
  const own = { analysis, target, side: 'candidate', from, to, stepSeconds } as const;
  const alone = controlOf(state, work, own);
  const beside = alone.from === from;
  const stages = beside ? watchedStages(state, work, analysis) : null;
  const since = stages?.began[0] ?? from;
  const candidate = { ...own, from: since };
  const control = beside ? { ...alone, from: since } : alone;
  const readings = await Promise.all(
    analysis.metrics.map(async (metric) => ({
      metric: metric.name,
      stable: before?.readings.get(metric.name) ?? (await read(world, state, control, metric)),
      candidate: await read(world, state, candidate, metric),
    })),
  );
  const began = before?.began ?? (beside ? null : control.from);
  return {
    analysis,
    looksBefore: work.looksBefore,
    blindLooks: blindLooks(state, work, target),
    last: work.last,
    extended: work.extra,
    ...(began === null ? {} : { began: { stable: began, candidate: from } }),
    exposure: exposureOf(state, work, target),
    ...(stages === null ? {} : { stages }),
    readings,
  };
}

/** Whether the plan brought a fresh copy of stable up at the target. */
function hasFreshBaseline({ plan }: RolloutState, target: string): boolean {
  return (plan?.steps ?? []).some(
    (step) => step.kind === 'prepare' && step.target === target && step.baseline === true,
  );
}

function versionOf({ version, digest }: Artifact) {
  return { version, digest };
}

/** Which side is read at which target, and when. */
interface Window {
  readonly analysis: Analysis;
  readonly target: string;
  readonly side: MetricQuestion['side'];
  readonly from: Instant;
  readonly to: Instant;
  readonly stepSeconds: number;
}

/**
 * What the candidate is held against: what serves beside it, or a fresh copy of that. Once it has all
 * of the traffic nothing serves beside it: then what stable showed for as long just before.
 */
function controlOf(state: RolloutState, work: Look, candidate: Window): Window {
  const { target, from, to } = candidate;
  const alone = (state.weights[target] ?? 0) >= 100;
  const switched = alone ? firstShift(state, target) : null;
  if (switched === null) {
    return { ...candidate, side: hasFreshBaseline(state, target) ? 'baseline' : 'stable' };
  }
  const began = Math.floor(switched - work.everySeconds * 1000 * work.planned);
  return { ...candidate, side: 'stable', from: began, to: began + (to - from) };
}

/** When the candidate was first given traffic at a target. */
function firstShift({ plan, steps }: RolloutState, target: string): Instant | null {
  const at = (plan?.steps ?? []).findIndex(
    (step) => step.kind === 'shift' && step.target === target && step.weight > 0,
  );
  return steps[at]?.startedAt ?? null;
}

async function read(
  world: World,
  state: RolloutState,
  { analysis, target, ...window }: Window,
  metric: Metric,
): Promise<Reading> {
  const artifact = window.side === 'candidate' ? state.artifact : formerAt(state, target);
  if (artifact === null) {
    return { class: 'no_series', samples: [], query: '', notes: ['nothing ran here before'] };
  }
  const source = metric.source ?? analysis.source;
  const { service, environment } = state;
  const reading = await world
    .metrics(source)
    .read({ metric, target: { target, service, environment }, artifact, ...window });
  world.telemetry.count('readings_total', { source, class: reading.class });
  return reading;
}

/** Looks in a row, newest first, in which no metric of the target could be used. */
function blindLooks(state: RolloutState, { step }: Look, target: string): number {
  let blind = 0;
  for (const look of [...state.looks].reverse()) {
    if (look.step !== step) break;
    const own = look.judgement.metrics.filter(({ of }) => of === undefined || sameAs(of, target));
    if (own.some(({ verdict }) => verdict !== 'unusable')) break;
    blind += 1;
  }
  return blind;
}

function sameAs(of: readonly string[], target: string): boolean {
  return of.length === 1 && of[0] === target;
}
