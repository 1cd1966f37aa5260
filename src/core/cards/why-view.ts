import type { Block, Field, View } from '#core/message.ts';
import type { GateOutcome } from '#core/rollout/events.ts';
import { gateLines } from './gate-lines.ts';

/** Who holds a permission in a place, and through which role. */
export interface Holders {
  readonly permission: string;
  /** One plain text each, such as `approver: members of channel C123`. Empty: nobody. */
  readonly through: readonly string[];
}

/** What `why` found out about one place. */
export interface WhyAnswer {
  readonly place: string;
  readonly holders: readonly Holders[];
  /** What the gates would say now. */
  readonly gates: readonly GateOutcome[];
  /** What every release there is asked for, in words; a release that waits has answers instead. */
  readonly asked: readonly string[];
  /** What else stands in the way, one plain sentence each: a rollout at work, a held version ... */
  readonly obstacles: readonly string[];
}

/** Who may do what in a place, and what blocks it now and until when: the answer of `why`. */
export function whyView(answer: WhyAnswer): View {
  const open = answer.gates.filter(({ verdict }) => verdict === 'hold' || verdict === 'block');
  const count = open.length + answer.obstacles.length;
  const summary =
    count === 0
      ? `Nothing stands in the way of a release to ${answer.place}.`
      : `${count} ${count === 1 ? 'thing stands' : 'things stand'} in the way of a release to ${answer.place}.`;
  return {
    tone: count === 0 ? 'success' : 'warning',
    title: `Why: ${answer.place}`,
    summary,
    blocks: [
      { kind: 'text', line: [{ kind: 'strong', text: summary }] },
      ...obstacles(answer.obstacles),
      ...(answer.gates.length === 0
        ? []
        : [{ kind: 'steps', steps: gateLines(answer.gates) } as const]),
      {
        kind: 'fields',
        fields: [...asked(answer), ...answer.holders.map(holderField)],
      },
    ],
  };
}

function asked({ gates, asked: words }: WhyAnswer): readonly Field[] {
  if (gates.length > 0 || words.length === 0) return [];
  return [{ label: 'Has to pass', value: [words.join(', ')] }];
}

function holderField({ permission, through }: Holders): Field {
  return {
    label: `May ${permission}`,
    value: [through.length === 0 ? 'nobody' : through.join('; ')],
  };
}

function obstacles(texts: readonly string[]): readonly Block[] {
  return texts.length === 0
    ? []
    : [{ kind: 'steps', steps: texts.map((label) => ({ label, mark: 'failed' })) }];
}
