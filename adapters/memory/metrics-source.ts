import type { Reading, Sample } from '#core/analysis/reading.ts';
import type { Instant } from '#core/ids.ts';
import type { Clock } from '#ports/clock.ts';
import type { MetricQuestion, MetricsSource } from '#ports/metrics-source.ts';

/** What a metric shows in the step that ends at `at`; null when the step has no point. */
type Script = (at: Instant, question: MetricQuestion) => Sample | null;

interface MemoryMetricsWorld {
  /** From now on the metric shows this: `on` is a side, or the digest of certain bits. */
  show(metric: string, on: string, script: Script): void;
  /** From now on every question is answered with this class; null ends it. */
  answer(failure: Exclude<Reading['class'], 'ok'> | null): void;
  /** Questions that were asked, oldest first. */
  readonly asked: readonly MetricQuestion[];
}

/** A source that shows what a test wrote into it, up to the present of the given clock. */
export function createMemoryMetrics(clock: Clock): {
  readonly source: MetricsSource;
  readonly world: MemoryMetricsWorld;
} {
  const scripts = new Map<string, Script>();
  const asked: MetricQuestion[] = [];
  let failure: Exclude<Reading['class'], 'ok'> | null = null;

  function answer(question: MetricQuestion): Reading {
    const { metric, side, artifact } = question;
    const query = `memory ${metric.name} of ${side}`;
    if (failure !== null) {
      return { class: failure, samples: [], query, notes: [`The source says ${failure}.`] };
    }
    const script =
      scripts.get(`${metric.name}/${artifact.digest}`) ?? scripts.get(`${metric.name}/${side}`);
    if (script === undefined) {
      return { class: 'no_series', samples: [], query, notes: ['There is no such series.'] };
    }
    const samples = samplesOf(question, script, Math.min(question.to, clock.now()));
    return classified(samples, query);
  }

  return {
    source: {
      async read(question) {
        asked.push(question);
        return answer(question);
      },
      lint: () => [],
    },
    world: {
      show(metric, on, script) {
        scripts.set(`${metric}/${on}`, script);
      },
      answer(next) {
        failure = next;
      },
      asked,
    },
  };
}

function samplesOf(question: MetricQuestion, script: Script, end: Instant): readonly Sample[] {
  const stepMs = question.stepSeconds * 1000;
  const samples: Sample[] = [];
  for (let at = question.from + stepMs; at <= end; at += stepMs) {
    const sample = script(at, question);
    if (sample !== null) samples.push(sample);
  }
  return samples;
}

function classified(samples: readonly Sample[], query: string): Reading {
  if (samples.length === 0) {
    return { class: 'too_few', samples: [], query, notes: ['No step is complete yet.'] };
  }
  if (samples.every(isIdle)) {
    return { class: 'no_traffic', samples: [], query, notes: ['There were no requests.'] };
  }
  return { class: 'ok', samples: [...samples], query, notes: [] };
}

function isIdle(sample: Sample): boolean {
  switch (sample.kind) {
    case 'value':
      return false;
    case 'ratio':
      return sample.total === 0;
    case 'count':
      return sample.exposure === 0;
    case 'histogram':
      return sample.counts.every((count) => count === 0);
  }
}
