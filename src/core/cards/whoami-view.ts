import type { View } from '#core/message.ts';
import { type Account, accountKey, type Membership } from '#core/people.ts';

/** Who somebody is to Signalbox, with the evidence for each role. */
export interface WhoamiAnswer {
  readonly name: string;
  /** Null when the account is linked to nobody. */
  readonly person: string | null;
  readonly account: Account;
  readonly otherAccounts: readonly Account[];
  readonly roles: readonly {
    readonly role: string;
    readonly held: boolean;
    readonly may: readonly string[];
    readonly where: string;
    readonly evidence: readonly Pick<Membership, 'evidence'>[];
  }[];
}

/** The answer of `whoami`. */
export function whoamiView(answer: WhoamiAnswer): View {
  const held = answer.roles.filter((role) => role.held);
  const names = held.map(({ role }) => role).join(', ');
  const summary =
    answer.person === null
      ? `${accountKey(answer.account)} is not linked to a person.`
      : `You are ${answer.name}${names === '' ? ' and hold no role' : `: ${names}`}.`;
  return {
    tone: answer.person === null ? 'warning' : 'neutral',
    title: answer.name,
    summary,
    blocks: [
      {
        kind: 'fields',
        fields: [
          { label: 'Person', value: [answer.person ?? 'not linked'] },
          { label: 'Account', value: [{ kind: 'code', text: accountKey(answer.account) }] },
          ...(answer.otherAccounts.length === 0
            ? []
            : [{ label: 'Also', value: [answer.otherAccounts.map(accountKey).join(', ')] }]),
        ],
      },
      {
        kind: 'table',
        columns: [
          { label: 'Role' },
          { label: 'Held' },
          { label: 'May' },
          { label: 'Where' },
          { label: 'Evidence' },
        ],
        rows: answer.roles.map(({ role, held: holds, may, where, evidence }) => [
          [holds ? { kind: 'strong', text: role } : role],
          [holds ? 'yes' : 'no'],
          [may.join(', ')],
          [where],
          [evidence.map((one) => one.evidence).join('; ')],
        ]),
      },
    ],
  };
}
