import type { Analysis } from '#core/analysis/metric.ts';
import type { Block, Line, View } from '#core/message.ts';
import type { Postmortem } from '#core/postmortem/postmortem.ts';
import type { Entry } from '#core/postmortem/timeline.ts';
import { impactWords, outcomeWords } from '#core/postmortem/words.ts';
import { metricsView } from './metrics-view.ts';

/** A postmortem to look at: what happened, the impact, the story with what people decided, what is open. */
export function postmortemView(postmortem: Postmortem, analysis: Analysis | null): View {
  const { state, timeline, questions, troubles, deployment } = postmortem;
  const said = outcomeWords(postmortem);
  const metrics = metricsView(state, analysis);
  return {
    tone: deployment?.failure == null ? 'neutral' : 'warning',
    title: `Postmortem: ${state.service} ${state.artifact.version} in ${state.environment}`,
    summary: said,
    blocks: [
      { kind: 'text', line: [{ kind: 'strong', text: said }] },
      ...section('Impact', impactWords(postmortem).map(plain)),
      ...section(
        'Alerts and breaches',
        troubles.map(({ name, startsAt, endsAt, evidence }) => [
          `${name}, from `,
          { kind: 'time', at: startsAt, as: 'clock' },
          ...(endsAt === null
            ? [', still firing']
            : [' to ', { kind: 'time', at: endsAt, as: 'clock' } as const]),
          `. ${evidence}`,
        ]),
      ),
      ...story('Timeline', timeline),
      ...(metrics === null ? [] : metrics.blocks.filter(({ kind }) => kind === 'chart')),
      ...(metrics === null ? [] : metrics.blocks.filter(({ kind }) => kind === 'table')),
      ...section('Open questions', questions.map(plain)),
    ],
  };
}

/** Entries as a table: the times line up, and what a person decided stands out. */
function story(title: string, entries: readonly Entry[]): readonly Block[] {
  if (entries.length === 0) return [];
  return [
    { kind: 'divider' },
    { kind: 'text', line: [{ kind: 'strong', text: title }] },
    {
      kind: 'table',
      columns: [{ label: 'Time' }, { label: 'What happened' }],
      rows: entries.map(({ at, text, decision }) => [
        [{ kind: 'time', at, as: 'clock' }],
        [decision ? { kind: 'strong', text } : text],
      ]),
    },
  ];
}

function plain(text: string): Line {
  return [`• ${text}`];
}

function section(title: string, lines: readonly Line[]): readonly Block[] {
  if (lines.length === 0) return [];
  return [
    { kind: 'divider' },
    { kind: 'text', line: [{ kind: 'strong', text: title }] },
    ...lines.map((line) => ({ kind: 'text', line }) as const),
  ];
}
