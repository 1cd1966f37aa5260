import { refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import { Analysis } from './metric.ts';

/** One setting to change before judging again. */
export interface Override {
  /** For example `floor.relative`, `alpha`, or `errors.floor.absolute` for one metric. */
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Reads `floor.relative=0.05`. Values are JSON, or plain text where they are not. */
export function parseOverride(text: string): Result<Override> {
  const [, path, value] = /^([A-Za-z][\w.-]*)=(.*)$/s.exec(text) ?? [];
  if (path === undefined || value === undefined) {
    return no(
      refusal(
        'judge.bad_setting',
        `“${text}” is no setting.`,
        'Write it as name=value, for example floor.relative=0.05.',
      ),
    );
  }
  return ok({ path: path.split('.'), value: jsonOrText(value) });
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/**
 * The analysis with settings changed: a path that begins with the name of a metric changes that
 * metric, one that begins with a setting of metrics changes all of them, any other the analysis.
 * Refusal: `judge.bad_setting`.
 */
export function withOverrides(
  analysis: Analysis,
  overrides: readonly Override[],
): Result<Analysis> {
  let changed: unknown = analysis;
  for (const override of overrides) changed = apply(changed, analysis, override);
  const parsed = Analysis.safeParse(changed);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const where = issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`;
  return no(
    refusal(
      'judge.bad_setting',
      `The analysis does not allow this (${where}).`,
      'Check the names and values of what is set.',
    ),
  );
}

/** Settings that stand in the analysis itself although metrics have settings of the same name. */
const ofAnalysis = new Set([
  'source',
  'step',
  'every',
  'alpha',
  'minimum',
  'patience',
  'profile',
  'baseline',
  'extensions',
  'score',
  'spend',
]);

function apply(target: unknown, analysis: Analysis, { path, value }: Override): unknown {
  const [head = '', ...rest] = path;
  if (ofAnalysis.has(head)) return changedAt(target, path, value);
  const named = analysis.metrics.some((metric) => metric.name === head);
  const metrics = membersOf(target)['metrics'];
  if (!Array.isArray(metrics)) return target;
  const next = metrics.map((metric: unknown) => {
    if (!named) return changedAt(metric, path, value);
    return membersOf(metric)['name'] === head ? changedAt(metric, rest, value) : metric;
  });
  return { ...membersOf(target), metrics: next };
}

function changedAt(target: unknown, path: readonly string[], value: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  const members = membersOf(target);
  return { ...members, [head]: changedAt(members[head], rest, value) };
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
