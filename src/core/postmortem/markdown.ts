import { isSameMetric, labelOf } from '#core/analysis/metric-label.ts';
import type { MetricVerdict } from '#core/analysis/verdict.ts';
import { worstFirst } from '#core/analysis/worst-first.ts';
import { formatInstant, formatSecond } from '#core/calendar.ts';
import { scaleOfVerdict, shownValue, verdictWord } from '#core/cards/verdict-table.ts';
import { formatChange } from '#core/quantity.ts';
import { sparkline } from '#core/sparkline.ts';
import type { Postmortem } from './postmortem.ts';
import { impactWords, outcomeWords } from './words.ts';

/**
 * The postmortem as Markdown (CommonMark with tables), times in UTC. Whatever people or the world
 * wrote is escaped: no name or reason becomes a link, a heading or HTML.
 */
export function postmortemMarkdown(postmortem: Postmortem): string {
  const { state, timeline, decisions, questions, troubles } = postmortem;
  const sections: readonly (readonly string[])[] = [
    [
      `# Postmortem: ${inert(`${state.service} ${state.artifact.version} in ${state.environment}`)}`,
    ],
    [inert(outcomeWords(postmortem))],
    facts(postmortem),
    ['## Impact', '', ...impactWords(postmortem).map((line) => `- ${inert(line)}`)],
    ...(troubles.length === 0 ? [] : [alerts(postmortem)]),
    [
      '## Timeline',
      '',
      ...table(
        ['Time', 'What happened'],
        timeline.map(({ at, text }) => [formatSecond(at), text]),
      ),
    ],
    [
      '## Decisions',
      '',
      ...(decisions.length === 0
        ? ['No person decided anything.']
        : table(
            ['Time', 'Who', 'What'],
            decisions.map(({ at, who, text }) => [
              formatSecond(at),
              who ?? '',
              withoutName(text, who),
            ]),
          )),
    ],
    ...verdicts(postmortem),
    ['## Open questions', '', ...questions.map((line) => `- [ ] ${inert(line)}`)],
    ['## What we change', '', '- [ ] '],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function facts({ state, from, to }: Postmortem): readonly string[] {
  const approvals = state.approvals.filter(({ revoked }) => revoked === null);
  return table(
    ['', ''],
    [
      ['Release', state.id],
      ['Artifact', state.artifact.digest],
      ['Before', state.plan?.previous?.version ?? 'nothing'],
      ['Requested by', state.requester.displayName],
      ['Approved by', approvals.map(({ by }) => by.displayName).join(', ') || 'nobody had to'],
      ['From', formatInstant(from)],
      ['To', to === null ? 'not over' : formatInstant(to)],
    ],
  );
}

function alerts({ troubles }: Postmortem): readonly string[] {
  return [
    '## Alerts and breaches',
    '',
    ...table(
      ['From', 'To', 'What', 'Why it is held against the release'],
      troubles.map(({ startsAt, endsAt, name, severity, evidence }) => [
        formatInstant(startsAt),
        endsAt === null ? 'still' : formatInstant(endsAt),
        severity === '' ? name : `${name} (${severity})`,
        evidence,
      ]),
    ),
  ];
}

function verdicts({ state }: Postmortem): readonly (readonly string[])[] {
  const last = state.looks.at(-1);
  if (last === undefined) return [];
  const row = (verdict: MetricVerdict): readonly string[] => {
    const scale = scaleOfVerdict(verdict);
    return [
      labelOf(verdict),
      shownValue(verdict.stable.value, scale),
      shownValue(verdict.candidate.value, scale),
      verdict.relative === null ? '–' : formatChange(verdict.relative),
      verdictWord(verdict),
      course(state.looks, last.step, verdict),
    ];
  };
  return [
    [
      '## What the judge saw last',
      '',
      inert(last.judgement.summary),
      '',
      ...table(
        ['Metric', 'Stable', 'Candidate', 'Change', 'Verdict', 'Candidate over time'],
        worstFirst(last.judgement.metrics).map(row),
      ),
    ],
  ];
}

function course(looks: Postmortem['state']['looks'], step: number, metric: MetricVerdict): string {
  const values = looks
    .filter((look) => look.step === step)
    .flatMap(({ judgement }) => {
      const value = judgement.metrics.find((one) => isSameMetric(one, metric))?.candidate.value;
      return value === null || value === undefined ? [] : [value];
    });
  return values.length < 2
    ? ''
    : sparkline(values, Math.min(0, ...values), Math.max(...values), 24);
}

/** The name stands in its own column. */
function withoutName(text: string, who: string | null): string {
  return who !== null && text.startsWith(`${who} `) ? text.slice(who.length + 1) : text;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [
    `| ${head.join(' | ')} |`,
    `| ${head.map(() => '---').join(' | ')} |`,
    ...rows.map((cells) => `| ${cells.map(inert).join(' | ')} |`),
  ];
}

/** Markdown's own characters lose their meaning, and a text stays one line. */
function inert(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_{}[\]()<>#|!~]/g, (character) => `\\${character}`)
    .replaceAll(/\bhttps?:/gi, (scheme) => scheme.replace(':', '\\:'));
}
