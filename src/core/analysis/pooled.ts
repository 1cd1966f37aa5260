import type { TargetInput } from './judge.ts';
import type { Analysis, Metric } from './metric.ts';
import { evidenceNeeded, spending } from './spending.ts';
import type { Judgement, MetricVerdict } from './verdict.ts';
import { chanceWords, countWords, differenceWords, valueWords } from './wording.ts';

/** A target with what was judged of it alone. */
export interface JudgedTarget extends TargetInput {
  readonly judgement: Judgement;
}

type Compared = MetricVerdict & { readonly detail: NonNullable<MetricVerdict['detail']> };

/**
 * Harm that no target shows by itself and all of them show together, by metric. Samples are never
 * thrown into one pot: targets differ in what is usual there and in the share that the candidate
 * has, and a sum would show harm where no target has any (Simpson 1951). The evidence is pooled
 * instead: that of each target is an e-process against its own stable, and where the targets serve
 * requests of their own the product of e-processes is one (Vovk and Wang 2021, "E-values:
 * calibration, combination and applications"), so its logarithm is the sum and holds at every look.
 * The mean difference must reach the mean floor. Metrics that are bad in both directions are left out,
 * as are scores and profiles: they make no such promise.
 */
export function pooledHarm(
  analysis: Analysis,
  judged: readonly JudgedTarget[],
): readonly MetricVerdict[] {
  if (analysis.profile !== 'signalbox' || analysis.score !== undefined) return [];
  const alphas = spending(analysis, new Map());
  return analysis.metrics.flatMap((metric) => {
    if (metric.dryRun || metric.bad === 'either') return [];
    const compared = judged.flatMap(({ target, judgement }) => {
      const own = judgement.metrics.find((one) => one.metric === metric.name);
      return own?.detail === undefined || own.verdict === 'too_few_data'
        ? []
        : [{ target, own: { ...own, detail: own.detail } }];
    });
    if (compared.length < 2) return [];
    const needed = evidenceNeeded(metric, alphas.get(metric.name) ?? 0);
    return pool(metric, needed, compared) ?? [];
  });
}

function pool(
  metric: Metric,
  needed: number,
  compared: readonly { readonly target: string; readonly own: Compared }[],
): readonly MetricVerdict[] | null {
  const all = compared.map(({ own }) => own);
  const evidence = sum(all, ({ detail }) => detail.evidence);
  const estimate = mean(all, ({ estimate: own }) => own ?? 0);
  const floor = mean(all, ({ detail }) => detail.floor.effect);
  const harm = metric.bad === 'up' ? estimate : -estimate;
  const [first] = all;
  if (first === undefined || evidence < needed || harm < floor || harm === 0) return null;
  if (all.some(({ verdict }) => verdict === 'worse')) return null;
  const stable = together(all, 'stable');
  const candidate = together(all, 'candidate');
  const targets = compared.map(({ target }) => target);
  return [
    {
      ...first,
      of: targets,
      verdict: 'worse',
      because: null,
      limitCrossed: false,
      stable,
      candidate,
      estimate,
      low: null,
      high: null,
      relative: stable.value === null || stable.value === 0 ? null : estimate / stable.value,
      detectable: null,
      test: 'evidence of all targets together',
      explanation: explained(metric, targets, stable, candidate, estimate, evidence),
      leftOut: [],
      detail: {
        ...first.detail,
        floor: { ...first.detail.floor, effect: floor },
        evidence,
        needed,
        alpha: Math.exp(-needed),
      },
    },
  ];
}

function explained(
  metric: Metric,
  targets: readonly string[],
  stable: MetricVerdict['stable'],
  candidate: MetricVerdict['candidate'],
  estimate: number,
  evidence: number,
): string {
  const side = (of: MetricVerdict['stable']): string => {
    const size = of.requests === null ? `${of.points} points` : countWords(of.requests);
    return `${of.value === null ? 'nothing' : valueWords(metric, of.value)} (${size})`;
  };
  const sides = `${side(candidate)} on the candidate against ${side(stable)} on stable`;
  return `${targets.join(', ')}: ${sides}: ${differenceWords(metric, estimate)}; by chance ${chanceWords(evidence)} over all looks.`;
}

function together(all: readonly Compared[], side: 'stable' | 'candidate') {
  const requests = all.every((one) => one[side].requests !== null)
    ? sum(all, (one) => one[side].requests ?? 0)
    : null;
  const value = mean(all, (one) => one[side].value ?? 0);
  return { points: sum(all, (one) => one[side].points), requests, value };
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  let total = 0;
  for (const one of all) total += of(one);
  return total;
}

/** By what the candidate served at each target, so that a target counts as much as it is used. */
function mean(all: readonly Compared[], of: (one: Compared) => number): number {
  const weight = ({ candidate }: Compared): number => candidate.requests ?? candidate.points;
  const total = sum(all, weight);
  return total === 0 ? 0 : sum(all, (one) => weight(one) * of(one)) / total;
}
