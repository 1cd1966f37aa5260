import type { Judgement, MetricVerdict } from '#core/analysis/verdict.ts';

/** Numbers between -1 and 1 that are the same each time. */
function wobble(seed: number): number {
  const x = Math.sin(seed * 127.1 + 311.7) * 43758.5453;
  return (x - Math.floor(x)) * 2 - 1;
}

/** What the judge might say at a look: `bad` grows from healthy (0) to plainly worse (1). */
export function look(index: number, seed: number, bad: number, last = false): Judgement {
  const stable = 0.0042 + 0.0006 * wobble(seed + index);
  const candidate = 0.0044 + 0.0007 * wobble(seed + index + 50) + bad * 0.031;
  const slow = 148 + 5 * wobble(seed + index + 9);
  const fast = 143 + 6 * wobble(seed + index + 70) + bad * 64;
  const requests = 412 * (index + 1);
  const worse = bad > 0.6 && index > 2;
  const metrics: readonly MetricVerdict[] = [
    {
      ...verdict(
        'error-rate',
        stable,
        candidate,
        worse ? 'worse' : index > 1 ? 'same' : 'too_few_data',
      ),
      critical: true,
      stable: { points: index + 1, requests: requests * 9, value: stable },
      candidate: { points: index + 1, requests, value: candidate },
      low: candidate - stable - 0.012 / Math.sqrt(index + 1),
      high: candidate - stable + 0.012 / Math.sqrt(index + 1),
      detail: {
        ...detail(index),
        type: 'ratio',
        unit: 'number',
        floor: floorOf(0.25, 0.01, stable),
      },
      test: 'exact two-sample binomial, always valid',
      explanation: worse
        ? `${percent(candidate)} of ${requests} requests failed, against ${percent(stable)} before.`
        : `${percent(candidate)} against ${percent(stable)}: below both floors.`,
    },
    {
      ...verdict('latency-p95', slow, fast, worse ? 'worse' : index > 1 ? 'same' : 'too_few_data'),
      low: fast - slow - 30 / Math.sqrt(index + 1),
      high: fast - slow + 30 / Math.sqrt(index + 1),
      detail: {
        ...detail(index),
        type: 'latency',
        unit: 'milliseconds',
        floor: floorOf(0.2, 20, slow),
      },
      test: 'rank test, always valid',
    },
    {
      ...verdict('requests', 274 + 8 * wobble(index), 30 + 2 * wobble(index + 5), 'not_evaluated'),
      dryRun: true,
    },
  ];
  return {
    look: index + 1,
    phase: worse ? 'failed' : last ? 'successful' : 'running',
    action: worse ? 'roll_back' : 'go_on',
    metrics: [...metrics],
    summary: worse
      ? `Worse: error-rate ${percent(candidate)} against ${percent(stable)}, on ${requests} requests.`
      : last
        ? `No worse than stable on ${requests} requests.`
        : `No difference that counts so far, on ${requests} requests.`,
  };
}

function verdict(
  metric: string,
  stable: number,
  candidate: number,
  said: MetricVerdict['verdict'],
): MetricVerdict {
  return {
    metric,
    verdict: said,
    because: null,
    critical: false,
    dryRun: false,
    limitCrossed: false,
    stable: { points: 12, requests: null, value: stable },
    candidate: { points: 12, requests: null, value: candidate },
    estimate: candidate - stable,
    low: null,
    high: null,
    relative: candidate / stable - 1,
    detectable: 0.18,
    test: 'none',
    explanation: '',
    leftOut: [],
  };
}

function detail(index: number) {
  const window = { from: 0, to: (index + 1) * 15_000 };
  return {
    ...{ group: 'all', bad: 'up' as const, alpha: 0.025, evidence: 1, needed: 3.7 },
    ...{ inefficiency: 1, window },
  };
}

function floorOf(relative: number, absolute: number, stable: number) {
  return { relative, absolute, effect: Math.max(relative * stable, absolute) };
}

function percent(value: number): string {
  return `${(value * 100).toFixed(2)} %`;
}
