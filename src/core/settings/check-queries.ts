import { type Problem, problem } from './problem.ts';
import type { Registries } from './registries.ts';
import type { Settings } from './settings.ts';

/** Every metric must be a question that its source can be asked. */
export function checkQueries(settings: Settings, registries: Registries): readonly Problem[] {
  return Object.entries(settings.analyses).flatMap(([name, analysis]) =>
    analysis.metrics.flatMap((metric, index) => {
      const source = settings.metrics[metric.source ?? analysis.source];
      const check = source === undefined ? undefined : registries.metricChecks?.[source.adapter];
      if (source === undefined || check === undefined) return [];
      const at = ['analyses', name, 'metrics', index, 'query'];
      return check(source.options, metric).map((said) => problem(at, metric.query, said));
    }),
  );
}
