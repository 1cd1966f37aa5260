import { formatDuration } from '#core/duration.ts';
import type { PlanHash } from '#core/ids.ts';
import type { Block, Field, View } from '#core/message.ts';
import type { Plan } from '#core/plan.ts';
import type { Artifact } from '#core/release.ts';
import type { GateOutcome } from '#core/rollout/events.ts';
import { shortHash } from './actions.ts';
import { detectionWords } from './detection-words.ts';
import { gateLines } from './gate-lines.ts';
import { gateWords } from './standing.ts';
import { stepWords } from './step-words.ts';

/** What would be done, in full, without doing it: the answer of `plan`. */
export function planView(plan: Plan, hash: PlanHash, outcomes: readonly GateOutcome[]): View {
  const title = `Plan: ${plan.service} ${plan.artifact.version} → ${plan.environment}`;
  const from = plan.previous === null ? 'first release' : `from ${plan.previous.version}`;
  return {
    tone: 'neutral',
    title,
    summary: `${title}, ${from}, ${plan.steps.length} steps, about ${formatDuration(plan.expectedSeconds)}`,
    blocks: [
      { kind: 'fields', fields: changeFields(plan) },
      {
        kind: 'steps',
        steps: plan.steps.map((step, index) => ({
          label: `${index + 1}. ${stepWords(step, plan)}${plan.pointsOfNoReturn.includes(index) ? ' — no way back after this' : ''}`,
          mark: 'pending',
        })),
      },
      ...gateBlocks(plan, outcomes),
      ...detectionBlocks(plan),
      ...riskBlocks(plan),
      { kind: 'note', line: ['Nothing was done. Plan ', { kind: 'code', text: shortHash(hash) }] },
    ],
  };
}

/** What changes against what runs now, and how long it takes to get there and to notice trouble. */
export function changeFields(plan: Plan): readonly Field[] {
  return [
    { label: 'Runs now', value: artifactLine(plan.previous) },
    { label: 'New', value: artifactLine(plan.artifact) },
    { label: 'Strategy', value: [`${plan.strategy}, ${plan.steps.length} steps`] },
    { label: 'Expected', value: [`about ${formatDuration(plan.expectedSeconds)}`] },
    { label: 'Detection', value: [detectionWords(plan)] },
    ...(plan.targets.length > 1 ? [{ label: 'Targets', value: [targetNames(plan)] }] : []),
  ];
}

/** What each metric would show when, at the traffic of now: larger rises show sooner. */
function detectionBlocks({ detection }: Plan): readonly Block[] {
  const byMetric = Map.groupBy(detection ?? [], ({ metric }) => metric);
  return [...byMetric].map(([metric, rises]) => {
    const shown = rises.flatMap(({ risePercent, seconds }) =>
      seconds === null ? [] : [`+${risePercent} % in ${formatDuration(seconds)}`],
    );
    const hidden = rises.filter(({ seconds }) => seconds === null);
    const most = Math.max(...hidden.map(({ risePercent }) => risePercent));
    const told = [
      ...(shown.length === 0 ? [] : [`a rise shows: ${shown.join(', ')}`]),
      ...(hidden.length === 0 ? [] : [`a rise of +${most} % or less does not show in these steps`]),
    ];
    return { kind: 'note', line: [`${metric}: ${told.join('; ')}.`] } as const;
  });
}

/** The way back, what cannot be undone, and what the plan's own check remarked. */
export function riskBlocks(plan: Plan): readonly Block[] {
  const oneWay = plan.pointsOfNoReturn.flatMap((index) => {
    const step = plan.steps[index];
    return step === undefined ? [] : [stepWords(step, plan)];
  });
  return [
    ...(oneWay.length === 0
      ? []
      : [
          {
            kind: 'text',
            line: [{ kind: 'strong', text: 'No way back after: ' }, oneWay.join('; ')],
          } as const,
        ]),
    ...(plan.rollbackPlan.length === 0
      ? []
      : [
          {
            kind: 'text',
            line: [{ kind: 'strong', text: 'Way back: ' }, plan.rollbackPlan.join(' ')],
          } as const,
        ]),
    ...plan.lint.map((remark) => ({ kind: 'note', line: [`Remark: ${remark}`] }) as const),
  ];
}

function gateBlocks(plan: Plan, outcomes: readonly GateOutcome[]): readonly Block[] {
  if (outcomes.length > 0) return [{ kind: 'steps', steps: gateLines(outcomes) }];
  if (plan.gates.length === 0) return [];
  const names = plan.gates.map(({ gate }) => gateWords(gate)).join(', ');
  return [{ kind: 'text', line: [{ kind: 'strong', text: 'Gates: ' }, names] }];
}

function artifactLine(artifact: Artifact | null): Field['value'] {
  if (artifact === null) return ['nothing'];
  const commit = artifact.source?.commit;
  return [
    artifact.version,
    ' ',
    { kind: 'code', text: artifact.digest.slice('sha256:'.length).slice(0, 12) },
    ...(commit === undefined ? [] : [` commit ${commit.slice(0, 10)}`]),
  ];
}

function targetNames(plan: Plan): string {
  const names = plan.targets.map(({ target }) => target);
  const shown = names.slice(0, 6).join(', ');
  return names.length > 6 ? `${shown} and ${names.length - 6} more` : shown;
}
