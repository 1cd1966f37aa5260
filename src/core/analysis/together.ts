import type { Judge, TargetInput } from './judge.ts';
import type { Analysis } from './metric.ts';
import { worsePhase } from './phases.ts';
import { type JudgedTarget, pooledHarm } from './pooled.ts';
import type { Judgement, MetricVerdict } from './verdict.ts';
import { capped } from './within-cap.ts';

/**
 * One verdict for the targets of a wave at one look: each is judged by its own samples, all of them
 * as one where that is sound, and the worst decides. The promised chance of a false alarm holds
 * for the whole: it is shared evenly among the targets and the pool (Bonferroni). A step-down (Holm
 * 1979) would change nothing here, for the first harm that is found decides.
 * One target alone is judged as it always was.
 */
export function judgeTogether(judge: Judge, sides: readonly TargetInput[]): Judgement {
  const [first, ...others] = sides;
  if (first === undefined) throw new Error('Nothing is given to judge');
  if (others.length === 0) return judge(first.input);
  const { analysis } = first.input;
  const shared = { ...analysis, alpha: sharedAlpha(analysis, sides.length) };
  const judged = sides.map(({ target, input }) => ({
    target,
    input,
    judgement: judge({ ...input, analysis: shared }),
  }));
  const pool = pooledHarm(shared, judged);
  return spentTogether(analysis, judged, merged(judged, pool));
}

/** The part of the promise that each of so many targets has, when they are judged together. */
export function sharedAlpha({ alpha }: Pick<Analysis, 'alpha'>, targets: number): number {
  return targets < 2 ? alpha : alpha / (targets + 1);
}

const actions: readonly Judgement['action'][] = [
  'go_on',
  'extend',
  'pause',
  'roll_back',
  'abort_now',
];

function merged(judged: readonly JudgedTarget[], pool: readonly MetricVerdict[]): Judgement {
  const worst = judged.toSorted(
    (a, b) => actions.indexOf(b.judgement.action) - actions.indexOf(a.judgement.action),
  )[0];
  if (worst === undefined) throw new Error('Nothing was judged');
  const { look, action, summary } = worst.judgement;
  const metrics = [
    ...pool,
    ...judged.flatMap(({ target, judgement }) =>
      judgement.metrics.map((metric) => ({ ...metric, of: [target] })),
    ),
  ];
  const scores = judged.flatMap(({ judgement }) => judgement.score ?? []);
  const kept = { look, metrics, ...(scores.length === 0 ? {} : { score: Math.min(...scores) }) };
  const [harm] = pool;
  if (harm !== undefined && action !== 'roll_back' && action !== 'abort_now') {
    const words = `${harm.metric} is worse, all taken together. ${harm.explanation}`;
    return { ...kept, phase: 'failed', action: 'roll_back', summary: words };
  }
  const phase = judged.map(({ judgement }) => judgement.phase).reduce(worsePhase);
  const same = judged.filter(
    ({ judgement }) => judgement.action === action && judgement.summary === summary,
  );
  const where = same.map(({ target }) => target).join(', ');
  return { ...kept, phase, action, summary: `${where}: ${summary}` };
}

/** What all of them have spent of the error budget counts against the one cap. */
function spentTogether(
  { spend }: Analysis,
  judged: readonly JudgedTarget[],
  judgement: Judgement,
): Judgement {
  if (spend === undefined) return judgement;
  const before = judged[0]?.input.exposure?.spentBefore ?? 0;
  let spent = before;
  for (const { judgement: own } of judged) spent += Math.max(0, (own.spent ?? before) - before);
  return judgement.action === 'abort_now'
    ? { ...judgement, spent }
    : capped(spend, spent, judgement);
}
