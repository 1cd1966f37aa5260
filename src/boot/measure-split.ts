import type { MeasureSplit } from '#adapters/kubernetes/index.ts';
import type { Metric } from '#core/analysis/metric.ts';
import type { Sample } from '#core/analysis/reading.ts';
import type { Artifact } from '#core/release.ts';
import type { Settings } from '#core/settings/settings.ts';
import type { Clock } from '#ports/clock.ts';
import type { TargetRef } from '#ports/delivery-target.ts';
import type { MetricsSource } from '#ports/metrics-source.ts';

/** The newest requests that count; older ones were sent under another weight. */
const windowMs = 300_000;
/** Windows grow by so much, so that the same question can be asked twice. */
const grainMs = 2000;

/**
 * Counts the requests of both sides by the first metric of the place's analysis that counts
 * requests. Null where there is none, or where the source does not answer.
 */
export function measureSplit(
  settings: () => Settings,
  source: (name: string) => MetricsSource,
  clock: Clock,
): MeasureSplit {
  return async (ref, artifacts, since) => {
    const found = requestMetric(settings(), ref);
    if (found === null) return null;
    const whole = Math.floor(Math.min(clock.now() - since, windowMs) / grainMs) * grainMs;
    if (whole <= 0) return null;
    const from = Math.max(since, clock.now() - windowMs);
    const window = { from, to: from + whole, stepSeconds: whole / 1000 };
    const requestsOf = async (side: 'stable' | 'candidate', artifact: Artifact) => {
      const { metric } = found;
      const question = { metric, target: ref, side, artifact, ...window };
      const reading = await source(found.source).read(question);
      // A side without traffic has no series yet: that is none, and no trouble.
      if (reading.class === 'provider_error' || reading.class === 'ambiguous_series') return null;
      return reading.samples.reduce((sum, sample) => sum + requestsIn(sample), 0);
    };
    const [stable, candidate] = await Promise.all([
      requestsOf('stable', artifacts.stable),
      requestsOf('candidate', artifacts.candidate),
    ]);
    return stable === null || candidate === null ? null : { candidate, total: stable + candidate };
  };
}

function requestMetric(
  settings: Settings,
  { service, environment }: TargetRef,
): { readonly metric: Metric; readonly source: string } | null {
  const own = settings.services[service]?.environments[environment];
  const name = own?.analysis ?? settings.environments[environment]?.analysis;
  const analysis = name === undefined ? undefined : settings.analyses[name];
  const metric = analysis?.metrics.find(({ type }) => type === 'ratio');
  if (analysis === undefined || metric === undefined) return null;
  return { metric, source: metric.source ?? analysis.source };
}

function requestsIn(sample: Sample): number {
  return sample.kind === 'ratio' ? sample.total : 0;
}
