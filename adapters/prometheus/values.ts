import type { MetricQuestion } from '#ports/metrics-source.ts';
import type { PrometheusMetrics } from './options.ts';
import type { Placeholder } from './promql-text.ts';

/** What values are until somebody says otherwise: the names that our own targets give. */
const usualValues: PrometheusMetrics['values'] = {
  workload: {
    stable: '{{service}}',
    candidate: '{{service}}-candidate',
    baseline: '{{service}}-baseline',
  },
  ingress: '{{service}}',
  route: '{{service}}',
  rule: '0',
  backendIndex: { stable: '0', candidate: '1' },
};

/** What is known of a question before it is asked. */
export type Asked = Omit<MetricQuestion, 'metric' | 'from' | 'to'>;

/**
 * Every placeholder of a question. Own values may hold the names of the question, but not each
 * other; what they hold besides is text.
 */
export function placeholdersFor(
  options: PrometheusMetrics,
  { artifact, side, stepSeconds, target }: Asked,
  windowSeconds: number,
): Readonly<Record<string, Placeholder>> {
  const known: Readonly<Record<string, string>> = {
    service: target.service,
    environment: target.environment,
    target: target.target,
    version: artifact.version,
    digest: artifact.digest,
    side,
  };
  const own = { ...usualValues, ...options.values, ...options.targets[target.target]?.values };
  const texts = Object.entries(own).map(([name, value]): [string, string] => {
    const text = typeof value === 'string' ? value : (value[side] ?? value.stable);
    return [name, text.replace(namePattern, (whole, inner) => known[inner] ?? whole)];
  });
  const all = Object.entries({ ...Object.fromEntries(texts), ...known });
  return {
    ...Object.fromEntries(all.map(([name, value]) => [name, { kind: 'text', value } as const])),
    window: { kind: 'duration', seconds: windowSeconds },
    step: { kind: 'duration', seconds: stepSeconds },
  };
}

/** What is wrong with the values of some options, one sentence each. */
export function valueProblems(options: PrometheusMetrics): readonly string[] {
  const every = [options.values, ...Object.values(options.targets).map(({ values }) => values)];
  return every.flatMap((values) =>
    Object.entries(values).flatMap(([name, value]) => {
      if (reserved.includes(name)) return [`The value ${name} has a name that is taken.`];
      const texts =
        typeof value === 'string' ? [value] : [value.stable, value.candidate, value.baseline ?? ''];
      const strange = texts.flatMap((text) =>
        [...text.matchAll(namePattern)].flatMap(([, inner]) =>
          questionNames.includes(inner ?? '') ? [] : [inner ?? ''],
        ),
      );
      return strange.map((inner) => `The value ${name} holds {{${inner}}}, which is not known.`);
    }),
  );
}

const namePattern = /\{\{\s*([A-Za-z][\w.-]*)\s*\}\}/g;
const questionNames = ['service', 'environment', 'target', 'version', 'digest', 'side'];
const reserved = [...questionNames, 'window', 'step'];
