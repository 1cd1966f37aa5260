import type { World } from '#app/world.ts';
import type { Analysis, Metric } from '#core/analysis/metric.ts';
import type { Reading } from '#core/analysis/reading.ts';
import { encodeLook } from '#core/analysis/stored.ts';
import { signalbox } from '#core/people.ts';
import type { Artifact } from '#core/release.ts';
import { absorbJudgement } from '#core/rollout/absorb.ts';
import { exposureOf } from '#core/rollout/exposure.ts';
import type { Work } from '#core/rollout/next.ts';
import { metricsOutage, outageEvents } from '#core/rollout/outage.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { MetricQuestion } from '#ports/metrics-source.ts';
import { driftAt } from './do-converge.ts';
import type { Outcome } from './outcome.ts';
import { previousRun } from './previous-run.ts';

type Look = Extract<Work, { kind: 'look' }>;

/** Reads all metrics on both sides, has them judged, and keeps what the judge saw. */
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
  const moved = await driftAt(world, state, work.target);
  if (moved !== null) return moved;
  const stepSeconds = analysis.step ?? work.everySeconds;
  const before =
    analysis.baseline === 'previous'
      ? await previousRun(world, state, work.step, stepSeconds)
      : null;
  const control = hasFreshBaseline(state, work.target) ? 'baseline' : 'stable';
  const readings = await Promise.all(
    analysis.metrics.map(async (metric) => ({
      metric: metric.name,
      stable:
        before?.readings.get(metric.name) ??
        (await read(world, state, work, analysis, metric, control)),
      candidate: await read(world, state, work, analysis, metric, 'candidate'),
    })),
  );
  const input = {
    analysis,
    looksBefore: work.looksBefore,
    blindLooks: blindLooks(state, work.step),
    last: work.last,
    extended: work.extra,
    ...(before === null ? {} : { began: { stable: before.began, candidate: work.from } }),
    exposure: exposureOf(state, work),
    readings,
  };
  const judgement = world.judge(input);
  const id = `${state.id}/${work.step}/${state.steps[work.step]?.attempt ?? 1}/${judgement.look}`;
  const previous = state.plan?.previous ?? null;
  const json = encodeLook(input, {
    service: state.service,
    environment: state.environment,
    stable: previous === null ? null : versionOf(previous),
    candidate: versionOf(state.artifact),
    step: work.step,
    at: work.to,
  });
  const classes = readings.flatMap(({ stable, candidate }) => [stable.class, candidate.class]);
  const samples = { id, hash: world.crypto.sha256(json), classes };
  const now = world.clock.now();
  const outage = outageEvents(state, metricsOutage(named(analysis, readings)), now);
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

/** Whether the plan brought a fresh copy of stable up at the target. */
function hasFreshBaseline({ plan }: RolloutState, target: string): boolean {
  return (plan?.steps ?? []).some(
    (step) => step.kind === 'prepare' && step.target === target && step.baseline === true,
  );
}

function versionOf({ version, digest }: Artifact) {
  return { version, digest };
}

async function read(
  world: World,
  state: RolloutState,
  work: Look,
  analysis: Analysis,
  metric: Metric,
  side: MetricQuestion['side'],
): Promise<Reading> {
  const artifact = side === 'candidate' ? state.artifact : state.plan?.previous;
  if (artifact === null || artifact === undefined) {
    return { class: 'no_series', samples: [], query: '', notes: ['nothing ran here before'] };
  }
  const source = metric.source ?? analysis.source;
  const reading = await world.metrics(source).read({
    metric,
    target: { target: work.target, service: state.service, environment: state.environment },
    side,
    artifact,
    from: work.from,
    to: work.to,
    stepSeconds: analysis.step ?? work.everySeconds,
  });
  world.telemetry.count('readings_total', { source, class: reading.class });
  return reading;
}

/** Looks in a row, newest first, in which no metric could be used. */
function blindLooks(state: RolloutState, step: number): number {
  let blind = 0;
  for (const look of [...state.looks].reverse()) {
    if (look.step !== step || look.judgement.metrics.some(({ verdict }) => verdict !== 'unusable'))
      break;
    blind += 1;
  }
  return blind;
}
