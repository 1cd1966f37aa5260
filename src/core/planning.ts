import { analysedTargets } from './analysed-targets.ts';
import type { ExpectedTraffic } from './analysis/expected-traffic.ts';
import { type LintReport, type LintStep, lintAnalysis } from './analysis/lint.ts';
import type { Analysis } from './analysis/metric.ts';
import { carriesOver } from './analysis/stages.ts';
import { formatDuration } from './duration.ts';
import type { FailurePolicy } from './failure-policy.ts';
import { fastWayBack } from './fast-way-back.ts';
import type { Instant } from './ids.ts';
import type { Actor } from './people.ts';
import type { Plan, PlannedGate, PlannedTarget } from './plan.ts';
import { type Refusal, refusal } from './refusal.ts';
import type { Artifact } from './release.ts';
import { no, ok, type Result } from './result.ts';
import { sameArtifact } from './same-artifact.ts';
import type { PlaceSettings } from './settings/lookup.ts';
import type { Step } from './step.ts';
import { strategies } from './strategies/index.ts';

/** Everything a plan is made from, fetched beforehand. */
export interface PlanInput {
  readonly rollout: string;
  readonly intent: 'deploy' | 'rollback';
  readonly place: PlaceSettings;
  readonly strategy: { readonly kind: string; readonly options: unknown };
  readonly analysis: Analysis | null;
  readonly artifact: Artifact;
  /** What each target runs, in the order of the waves. */
  readonly targets: readonly PlannedTarget[];
  /** Every target can run a fresh copy of stable beside the candidate. */
  readonly freshBaseline: boolean;
  readonly policyDigest: string;
  readonly requester: Actor;
  readonly reason: string;
  readonly breakGlass: boolean;
  /** What stable is expected to show, by metric. */
  readonly expected: ReadonlyMap<string, ExpectedTraffic>;
  /** Remarks of the analysis lint. */
  readonly lint: readonly string[];
  readonly now: Instant;
  readonly nonce: string;
}

/** Makes the plan. Refusals: `plan.unmakeable`, `version.already_live`. */
export function makePlan(input: PlanInput): Result<Plan> {
  const { place, targets, artifact } = input;
  const differing = targets.filter(({ stable }) => !sameArtifact(stable, artifact));
  if (differing.length === 0) {
    return no(
      refusal(
        'version.already_live',
        `${artifact.version} already runs in ${place.environment}.`,
        'Choose another version.',
      ),
    );
  }
  const previous = differing.find(({ stable }) => stable !== null)?.stable ?? null;
  const built = buildSteps(input, previous === null);
  if (!built.ok) return built;
  const { steps, onFailure } = built.value;
  const settings = place.environmentSettings;
  const report = lintReport(input, steps);
  return ok({
    format: 1,
    rollout: input.rollout,
    intent: input.intent,
    service: place.service,
    environment: place.environment,
    production: settings.production,
    artifact,
    previous,
    targets: [...targets],
    strategy: input.intent === 'rollback' ? 'fast-way-back' : place.strategy,
    steps: [...steps],
    gates: [...withDefaults(place.gates)],
    pointsOfNoReturn: steps.flatMap((step, index) =>
      step.kind === 'run' && (step.direction === 'one-way' || step.direction === 'contract')
        ? [index]
        : [],
    ),
    rollbackPlan: [...wayBackInWords(previous, steps), ...failureInWords(onFailure, artifact)],
    ...(onFailure === undefined ? {} : { onFailure }),
    expectedSeconds: expectedSeconds(steps),
    detectSeconds: detectSeconds(report),
    ...(report === null || report.detection.length === 0 ? {} : { detection: told(report) }),
    lint: [...remarks(input, steps, previous, report)],
    autoRollback: settings.autoRollback && input.intent === 'deploy',
    rollbackCountdownSeconds: settings.rollbackCountdown,
    policyDigest: input.policyDigest,
    requester: input.requester,
    reason: input.reason,
    breakGlass: input.breakGlass,
    madeAt: Math.floor(input.now),
    notAfter: Math.floor(input.now) + settings.planExpires * 1000,
    nonce: input.nonce,
  });
}

/** Locks are respected everywhere, whatever the settings say. */
function withDefaults(gates: readonly PlannedGate[]): readonly PlannedGate[] {
  const always = ['lock', 'freeze']
    .filter((name) => !gates.some(({ gate }) => gate === name))
    .map((gate) => ({ gate, options: {} }));
  return [...always, ...gates];
}

interface Built {
  readonly steps: readonly Step[];
  /** Only where there is more than one wave. */
  readonly onFailure: FailurePolicy | undefined;
}

function buildSteps(input: PlanInput, first: boolean): Result<Built> {
  const { place } = input;
  const differs = (target: string): boolean =>
    input.targets.some(
      (planned) => planned.target === target && !sameArtifact(planned.stable, input.artifact),
    );
  const waves = place.waves.map((wave) => wave.filter(differs)).filter((wave) => wave.length > 0);
  const deadlineSeconds = place.environmentSettings.deadline;
  if (input.intent === 'rollback') {
    return ok({ steps: fastWayBack(waves, deadlineSeconds), onFailure: undefined });
  }
  const strategy = strategies.find(({ name }) => name === input.strategy.kind);
  const options = strategy?.options.safeParse(input.strategy.options);
  if (strategy === undefined || options === undefined || !options.success) {
    return no(
      unmakeable(`The strategy ${place.strategy} cannot be read.`, 'Correct the settings.'),
    );
  }
  const steps = strategy.steps(options.data, {
    service: place.service,
    environment: place.environment,
    waves,
    analysis: place.analysis,
    analysisEverySeconds: input.analysis?.every ?? 15,
    freshBaseline: input.freshBaseline && input.analysis?.baseline === 'fresh',
    first,
    deadlineSeconds,
  });
  if (steps.length === 0) {
    return no(unmakeable(`The strategy ${place.strategy} has no steps.`, 'Correct the settings.'));
  }
  return ok({
    steps: withJobs(place, waves, deadlineSeconds, steps),
    onFailure: waves.length > 1 ? strategy.onFailure?.(options.data) : undefined,
  });
}

/** Jobs run once, at the first target: before anything else there, or after everything else. */
function withJobs(
  place: PlaceSettings,
  waves: readonly (readonly string[])[],
  deadlineSeconds: number,
  steps: readonly Step[],
): readonly Step[] {
  const target = waves[0]?.[0];
  if (target === undefined) return steps;
  const { jobs } = place.serviceSettings;
  const runs = (when: 'before' | 'after', wave: number): readonly Step[] =>
    jobs
      .filter((job) => job.when === when)
      .map(({ name, direction }) => ({
        kind: 'run',
        wave,
        target,
        job: name,
        direction,
        deadlineSeconds,
      }));
  return [...runs('before', 0), ...steps, ...runs('after', waves.length - 1)];
}

function unmakeable(message: string, next: string): Refusal {
  return refusal('plan.unmakeable', message, next);
}

function wayBackInWords(previous: Artifact | null, steps: readonly Step[]): string[] {
  if (previous === null) return ['Nothing ran here before: the new release is removed.'];
  const beside = steps.some(({ kind }) => kind === 'prepare');
  return beside
    ? [
        `Before promotion: ${previous.version} gets full capacity, then all traffic; the new copy is removed.`,
        `During and after promotion: ${previous.version} is put back in place.`,
      ]
    : [`${previous.version} is put back in place, a few instances at a time.`];
}

function failureInWords(policy: FailurePolicy | undefined, { version }: Artifact): string[] {
  switch (policy) {
    case undefined:
      return [];
    case 'stop':
      return ['On a failure nothing goes back by itself: it stops where it is, and asks.'];
    case 'wave':
      return [`On a failure the wave at work goes back; waves before it keep ${version}.`];
    case 'all':
      return ['On a failure every wave goes back, the last one first.'];
  }
}

/** Bringing instances up is counted as 30 s a step: an estimate until there is a history. */
function expectedSeconds(steps: readonly Step[]): number {
  let total = 0;
  for (const step of steps) {
    if (step.kind === 'bake' || step.kind === 'analyse') total += step.seconds;
    if (step.kind === 'prepare' || step.kind === 'replace' || step.kind === 'run') total += 30;
  }
  return total;
}

/** Until the first of the metrics that count shows twice of what it should; null when none would. */
function detectSeconds(report: LintReport | null): number | null {
  const times = (report?.detection ?? []).flatMap(({ rise, seconds }) =>
    rise === 1 && seconds !== null ? [Math.ceil(seconds)] : [],
  );
  return times.length === 0 ? null : Math.min(...times);
}

function told({ detection }: LintReport): NonNullable<Plan['detection']> {
  return detection.map(({ metric, rise, seconds }) => ({
    metric,
    risePercent: Math.round(rise * 100),
    seconds: seconds === null ? null : Math.ceil(seconds),
  }));
}

/** What the plan-time lint says of the analysis as these steps would run it; null without one. */
function lintReport({ analysis, expected }: PlanInput, steps: readonly Step[]): LintReport | null {
  const watched = watchedSteps(steps);
  if (analysis === null || watched.length === 0) return null;
  const first = steps.find((step) => step.kind === 'analyse');
  return lintAnalysis({
    analysis,
    together: first === undefined ? 1 : analysedTargets(first).length,
    steps: watched,
    releasesPerMonth: 20,
    expected,
  });
}

/** The analysis steps of the first wave, each with the weight that is in force. */
function watchedSteps(steps: readonly Step[]): readonly LintStep[] {
  const wave = steps.find(({ kind }) => kind === 'analyse')?.wave;
  let weight = 1;
  return steps.flatMap((step) => {
    if (step.kind === 'shift') weight = step.weight / 100;
    if (step.kind !== 'analyse' || step.wave !== wave) return [];
    return [{ seconds: step.seconds, everySeconds: step.everySeconds, weight }];
  });
}

function remarks(
  input: PlanInput,
  steps: readonly Step[],
  previous: Artifact | null,
  report: LintReport | null,
): readonly string[] {
  const watchedBy = steps.some(({ kind }) => kind === 'analyse');
  return [
    ...(previous === null
      ? ['First release here: there is nothing to compare with or to return to.']
      : []),
    ...(watchedBy || input.intent === 'rollback'
      ? []
      : ['No analysis configured: nothing watches this release.']),
    ...(input.place.environmentSettings.autoRollback ? [] : ['Automatic rollback is off here.']),
    ...input.lint,
    ...(input.analysis?.baseline === 'fresh' && !input.freshBaseline && watchedBy
      ? [
          'A target here cannot run a fresh baseline: the candidate is held against what serves beside it.',
        ]
      : []),
    ...(report?.remarks ?? []),
    ...falseAlarmRemarks(report, input.analysis),
    ...(expectedSeconds(steps) > 86_400
      ? [`It is expected to take ${formatDuration(expectedSeconds(steps))}.`]
      : []),
  ];
}

/** The promise is an upper limit; two a month are worth a thought. */
function falseAlarmRemarks(
  report: LintReport | null,
  analysis: Analysis | null,
): readonly string[] {
  const most = report?.falseAlarmsPerMonth ?? 0;
  if (most <= 2) return [];
  return [
    `Up to ${Math.round(most * 10) / 10} false alarms a month are allowed at 20 releases. Lower alpha${analysis === null || carriesOver(analysis) ? '' : ', which counts for each analysis step, or the number of steps'}.`,
  ];
}
