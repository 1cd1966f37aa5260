import type { GroupRef, Line, View } from '#core/message.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';
import { decisions, shortHash } from './actions.ts';
import { buttonOf, type CardContext } from './card-context.ts';
import { changesBlocks } from './changes-view.ts';
import { gateLines } from './gate-lines.ts';
import { changeFields, riskBlocks } from './plan-view.ts';
import { closed } from './sentence.ts';
import { openGates, standing, subjectOf } from './standing.ts';

/** A group that grants an approving role. */
export interface ApproverGroup extends GroupRef {
  readonly role: string;
}

/**
 * What an approver is asked, with the risk: what changes against what runs now, the gates, the way
 * back and the points of no return. Once nobody is asked any more it says how it ended, in short and
 * without buttons. `groups`: whose members should notice it here. Null while there is no plan.
 */
export function approvalRequest(
  state: RolloutState,
  context: CardContext,
  groups: readonly ApproverGroup[] = [],
): View | null {
  const { plan } = state;
  if (plan === null) return null;
  const buttons = decisions(state).map((action) => buttonOf(action, context));
  if (buttons.length === 0) return decidedRequest(state);
  const { version } = state.artifact;
  return {
    tone: 'waiting',
    title: `Approve ${version} for ${state.environment}?`,
    summary: `${state.requester.displayName} asks to release ${state.service} ${version} to ${state.environment}.`,
    blocks: [
      { kind: 'text', line: wish(state) },
      ...changesBlocks(state),
      { kind: 'fields', fields: changeFields(plan) },
      ...riskBlocks(plan),
      ...(state.gates === null
        ? []
        : [{ kind: 'steps', steps: gateLines(state.gates.outcomes) } as const]),
      { kind: 'buttons', buttons },
      ...(groups.length > 0 ? [{ kind: 'text', line: askedLine(groups) } as const] : []),
      {
        kind: 'note',
        line: [
          { kind: 'code', text: state.id },
          ` · plan ${shortHash(state.planHash)} · nobody approves their own request`,
        ],
      },
    ],
  };
}

/** What is left of a request once it is decided: how, and what it was about. */
function decidedRequest(state: RolloutState): View {
  const said = decisionWords(state);
  return {
    tone: 'neutral',
    title: subjectOf(state),
    summary: `${subjectOf(state)}: ${said}`,
    blocks: [
      { kind: 'text', line: [{ kind: 'strong', text: said }] },
      { kind: 'text', line: wish(state) },
      {
        kind: 'note',
        line: [{ kind: 'code', text: state.id }, ` · plan ${shortHash(state.planHash)}`],
      },
    ],
  };
}

function wish({ requester, service, artifact, environment, reason }: RolloutState): Line {
  return [
    { kind: 'person', account: requester.account, name: requester.displayName },
    ` asks to release ${service} `,
    { kind: 'strong', text: artifact.version },
    ` to ${environment}${reason === '' ? '.' : `: ${closed(reason)}`}`,
  ];
}

function decisionWords(state: RolloutState): string {
  const given = state.approvals.filter(({ revoked }) => revoked === null);
  const blocked = openGates(state).some(({ gate }) => gate === 'approval');
  if (given.length === 0 || blocked || ended(state.phase)) return standing(state);
  return `Approved by ${given.map(({ by }) => by.displayName).join(' and ')}`;
}

function askedLine(groups: readonly ApproverGroup[]): Line {
  return groups.flatMap(({ role, ...group }, index) => [
    index === 0 ? 'Asked: ' : ', ',
    { kind: 'group', group, name: role } as const,
  ]);
}

/** What is left of a request whose plan no longer fits: its reason, and no button. */
export function voidedRequest(
  state: RolloutState,
  voided: { readonly hash: string; readonly because: string },
): View {
  const said = `The plan no longer fits: ${closed(voided.because)}`;
  return {
    tone: 'neutral',
    title: subjectOf(state),
    summary: said,
    blocks: [
      { kind: 'text', line: [{ kind: 'strong', text: said }] },
      {
        kind: 'note',
        line: [
          { kind: 'code', text: state.id },
          ` · plan ${shortHash(voided.hash)} · approvals of it are void`,
        ],
      },
    ],
  };
}
