import type { Metric } from '#core/analysis/metric.ts';
import type { Reading } from '#core/analysis/reading.ts';
import { Fault } from '#core/fault.ts';
import type { Clock } from '#ports/clock.ts';
import type { MetricQuestion, MetricsSource } from '#ports/metrics-source.ts';
import type { Answered, PrometheusApi, RangeWindow } from './api.ts';
import { readCondition } from './condition.ts';
import { readableIntervals } from './intervals.ts';
import { lintMetric } from './lint.ts';
import type { PrometheusMetrics } from './options.ts';
import { makeQuestion, promqlOf, type Question } from './question.ts';
import {
  countSamples,
  histogramSamples,
  quantileSamples,
  ratioSamples,
  type Sampled,
  valueSamples,
} from './sampling.ts';

/** What Prometheus measured, classified before anybody compares it. */
export function createPrometheusMetrics(
  options: PrometheusMetrics,
  api: PrometheusApi,
  clock: Clock,
): MetricsSource {
  return {
    async read(asked: MetricQuestion): Promise<Reading> {
      const { metric } = asked;
      const made = makeQuestion(options, metric, asked);
      if (!made.ok) return unread('provider_error', '', made.because);
      const query = promqlOf(made.question).join('\n');
      const window = readableIntervals(asked, clock.now(), options.settle);
      if (window === null) return unread('too_few', query, 'No interval is complete yet.');
      const url = options.targets[asked.target.target]?.url ?? options.url;
      const remarks = new Set<string>();
      const warnings = new Set<string>();

      async function ask(promql: string): Promise<Answered> {
        const { from, to } = window ?? asked;
        const answered =
          made.ok && made.instant
            ? api.instant(url, promql, to)
            : api.range(url, promql, { from, to, stepSeconds: asked.stepSeconds });
        const { infos, warnings: warned } = await answered;
        for (const one of infos) remarks.add(one);
        for (const one of warned) warnings.add(one);
        return answered;
      }

      try {
        const sampled = await sample(made.question, ask, asked.stepSeconds);
        const said = [...warnings, ...remarks];
        if (options.warnings === 'refuse' && warnings.size > 0) {
          return { class: 'provider_error', samples: [], query, notes: said };
        }
        const notes = sampled.because === null ? said : [sampled.because, ...said];
        return { class: sampled.class, samples: within(sampled, window), query, notes };
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        return unread('provider_error', query, `${new URL(url).host}: ${error.message}`);
      }
    },
    lint: (metric: Metric) => lintMetric(options, metric),
    condition: (question) => readCondition(api, options.url, question),
  };
}

async function sample(
  question: Question,
  ask: (promql: string) => Promise<Answered>,
  stepSeconds: number,
): Promise<Sampled> {
  const perhaps = (promql: string | null) => (promql === null ? null : ask(promql));
  switch (question.kind) {
    case 'value': {
      const { value, traffic } = question;
      return valueSamples(...(await Promise.all([ask(value), perhaps(traffic)])));
    }
    case 'ratio':
      return ratioSamples(...(await Promise.all([ask(question.bad), ask(question.total)])));
    case 'count': {
      const [events, exposure] = await Promise.all([
        ask(question.events),
        perhaps(question.exposure),
      ]);
      return countSamples(events, exposure, stepSeconds);
    }
    case 'histogram':
      return histogramSamples(await ask(question.buckets), question.scale);
    case 'quantile':
      return quantileSamples(await ask(question.buckets), question.scale, question.quantile);
  }
}

/** Only what belongs to the intervals that were asked for, whatever came. */
function within({ samples }: Sampled, { from, to }: RangeWindow): Reading['samples'] {
  return samples.filter(({ at }) => at >= from && at <= to);
}

function unread(kind: Reading['class'], query: string, because: string): Reading {
  return { class: kind, samples: [], query, notes: [because] };
}
