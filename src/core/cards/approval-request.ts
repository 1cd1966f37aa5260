import type { GroupRef, Line, View } from '#core/message.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { decisions, shortHash } from './actions.ts';
import { buttonOf, type CardContext } from './card-context.ts';
import { changesBlocks } from './changes-view.ts';
import { gateLines } from './gate-lines.ts';
import { changeFields, riskBlocks } from './plan-view.ts';
import { closed } from './sentence.ts';
import { standing, subjectOf } from './standing.ts';

/** A group that grants an approving role. */
export interface ApproverGroup extends GroupRef {
  readonly role: string;
}

/**
 * What an approver is asked, with the risk: what changes against what runs now, the gates, the way
 * back and the points of no return. Once nobody is asked any more it says how it ended, without
 * buttons. `groups`: whose members should notice it here. Null while there is no plan.
 */
export function approvalRequest(
  state: RolloutState,
  context: CardContext,
  groups: readonly ApproverGroup[] = [],
): View | null {
  const { plan } = state;
  if (plan === null) return null;
  const buttons = decisions(state).map((action) => buttonOf(action, context));
  const { version } = state.artifact;
  const asked = buttons.length > 0;
  const title = asked ? `Approve ${version} for ${state.environment}?` : subjectOf(state);
  return {
    tone: asked ? 'waiting' : 'neutral',
    title,
    summary: asked
      ? `${state.requester.displayName} asks to release ${state.service} ${version} to ${state.environment}.`
      : `${subjectOf(state)}: ${standing(state)}`,
    blocks: [
      {
        kind: 'text',
        line: [
          {
            kind: 'person',
            account: state.requester.account,
            name: state.requester.displayName,
          },
          ` asks to release ${state.service} `,
          { kind: 'strong', text: version },
          ` to ${state.environment}`,
          state.reason === '' ? '.' : `: ${closed(state.reason)}`,
        ],
      },
      ...(asked
        ? []
        : [{ kind: 'text', line: [{ kind: 'strong', text: standing(state) }] } as const]),
      { kind: 'fields', fields: changeFields(plan) },
      ...changesBlocks(state),
      ...riskBlocks(plan),
      ...(asked && state.gates !== null
        ? [{ kind: 'steps', steps: gateLines(state.gates.outcomes) } as const]
        : []),
      ...(asked ? [{ kind: 'buttons', buttons } as const] : []),
      ...(asked && groups.length > 0 ? [{ kind: 'text', line: askedLine(groups) } as const] : []),
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
