import { canonicalJson } from '#core/canonical.ts';
import {
  type ApproverGroup,
  approvalRequest,
  voidedRequest,
} from '#core/cards/approval-request.ts';
import type { CardContext } from '#core/cards/card-context.ts';
import { decisionFor } from '#core/cards/decision.ts';
import { metricsView } from '#core/cards/metrics-view.ts';
import { noteFor } from '#core/cards/milestone.ts';
import { releaseCard } from '#core/cards/release-card.ts';
import type { View } from '#core/message.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';
import type { ChannelRef } from '#ports/gateway.ts';
import type { Transaction } from '#ports/store.ts';
import type { Urgency } from '#ports/surface-store.ts';
import { analysisOf } from './analysis-of.ts';
import { cardContext, keepActions } from './card-actions.ts';
import { surfacePrefix } from './card-surface.ts';
import type { Boards } from './project-boards.ts';
import { projectReplaced } from './project-replaced.ts';
import type { Project } from './rollout/advance.ts';
import { approversOf } from './rollout/approvers.ts';
import { channelsOf } from './rollout/channels-of.ts';
import { tellChannel } from './tell-channel.ts';
import { tellPerson } from './tell-person.ts';
import type { World } from './world.ts';

/**
 * Writes what chat should say about a rollout into the same transaction as the change: one card
 * per release and channel, milestones in its thread, one live message with the metrics. Where a
 * board shows the progress of a channel, mere ticks are left out.
 */
export function projectRollout(
  world: World,
  boards: Pick<Boards, 'covers'> = { covers: () => false },
): Project {
  /** Everything that one channel should show of the rollout now. */
  function surfacesOf(
    state: RolloutState,
    change: Parameters<Project>[2],
    now: number,
    channel: ChannelRef,
  ): readonly Said[] {
    const context = cardContext(world, now);
    const isOver = ended(state.phase);
    const base = surfacePrefix(state.id, channel);
    const parent = `${base}:card`;
    const first = change.version - change.events.length + 1;
    const metrics = metricsView(state, analysisOf(world, state));
    const groupsIn = ({ platform, tenant }: ChannelRef) =>
      approversOf(world, state).groups.filter(
        (group) => group.platform === platform && group.tenant === tenant,
      );
    return [
      {
        id: parent,
        parent: null,
        urgency: urgencyOf(state, change.events),
        view: releaseCard(state, context),
        final: isOver,
      },
      ...change.events.flatMap((event, offset): readonly Said[] => {
        const view = noteFor(event, state);
        if (view === null) return [];
        const id = `${base}:note:${first + offset}`;
        return [{ id, parent, urgency: noteUrgency(event), view, final: true }];
      }),
      ...(metrics === null
        ? []
        : [
            {
              id: `${base}:metrics:${state.looks.at(-1)?.step ?? 0}`,
              parent,
              urgency: 3 as const,
              view: metrics,
              final: isOver,
            },
          ]),
      ...requestsOf(state, change.events, context, groupsIn(channel)).map(({ hash, view }) => ({
        id: `${base}:approval:${hash}`,
        parent,
        urgency: 1 as const,
        view,
        final: isOver,
      })),
    ];
  }

  /** Those who may approve are asked where they are, with the risk and the buttons. */
  async function askApprovers(
    tx: Transaction,
    state: RolloutState,
    events: readonly RolloutEvent[],
  ): Promise<void> {
    const requests = requestsOf(state, events, cardContext(world, tx.now));
    if (requests.length === 0) return;
    const { channels, people } = approversOf(world, state);
    for (const { hash: plan, view } of requests) {
      for (const channel of channels) {
        const id = `${surfacePrefix(state.id, channel)}:asked:${plan}`;
        const final = ended(state.phase);
        await tellChannel(tx, world.crypto.sha256, channel, { id, urgency: 1, view, final });
      }
      for (const to of people) {
        await tellPerson(tx, world, {
          id: `rollout:${state.id}:asked:${plan}:${to.person}`,
          to,
          view,
        });
      }
    }
  }

  /** The requester hears of every decision about the release, from whoever it came. */
  async function tellRequester(
    tx: Transaction,
    state: RolloutState,
    change: Parameters<Project>[2],
  ): Promise<void> {
    const first = change.version - change.events.length + 1;
    for (const [offset, event] of change.events.entries()) {
      const view = decisionFor(event, state);
      if (view === null) continue;
      const id = `rollout:${state.id}:decided:${first + offset}`;
      await tellPerson(tx, world, { id, to: state.requester, view });
    }
  }

  return async (tx, state, change) => {
    await keepActions(tx, world, state);
    for (const channel of channelsOf(world, state)) {
      const covered = boards.covers(channel);
      for (const said of surfacesOf(state, change, tx.now, channel)) {
        if (covered && said.urgency === 3 && !said.final) continue;
        const hash = world.crypto.sha256(canonicalJson(said.view));
        await tx.desire({ ...said, channel, hash, account: null });
      }
    }
    await projectReplaced(tx, world, state, change.events);
    await askApprovers(tx, state, change.events);
    await tellRequester(tx, state, change);
  };
}

interface Said {
  readonly id: string;
  readonly parent: string | null;
  readonly urgency: Urgency;
  readonly view: View;
  readonly final: boolean;
}

interface Request {
  /** The plan that it is about. */
  readonly hash: string;
  readonly view: View;
}

/** The requests that the events change: the one of the plan in force, and of one that was voided. */
function requestsOf(
  state: RolloutState,
  events: readonly RolloutEvent[],
  context: CardContext,
  groups: readonly ApproverGroup[] = [],
): readonly Request[] {
  const voided = events.flatMap((event): readonly Request[] =>
    event.kind === 'plan.voided' ? [{ hash: event.hash, view: voidedRequest(state, event) }] : [],
  );
  const view = asksForApproval(state, events) ? approvalRequest(state, context, groups) : null;
  const hash = state.planHash;
  if (view === null || hash === null || voided.some((one) => one.hash === hash)) return voided;
  return [...voided, { hash, view }];
}

/** The request is kept in step with the decisions until the rollout has started or ended. */
function asksForApproval(state: RolloutState, events: readonly RolloutEvent[]): boolean {
  if (!state.plan?.gates.some(({ gate }) => gate === 'approval') || state.planHash === null)
    return false;
  if (!wasAsked(state)) return false;
  const kinds: readonly RolloutEvent['kind'][] = [
    'gates.evaluated',
    'approval.given',
    'approval.denied',
    'approval.revoked',
    'rollout.started',
    'rollout.cancelled',
    'rollout.expired',
    'rollout.superseded',
  ];
  return state.gates !== null && events.some(({ kind }) => kinds.includes(kind));
}

/** Where no approval was needed, as on a way back, nobody is asked. */
function wasAsked({ gates, approvals }: RolloutState): boolean {
  const outcome = gates?.outcomes.find(({ gate }) => gate === 'approval');
  return approvals.length > 0 || (outcome !== undefined && outcome.verdict !== 'pass');
}

/** Ends, approvals and pauses before phases, phases before the ticks of metrics. */
function urgencyOf(state: RolloutState, events: readonly RolloutEvent[]): Urgency {
  if (ended(state.phase) || state.phase === 'waiting' || state.phase === 'stuck') return 1;
  if (state.phase === 'paused' || state.countdown !== null) return 1;
  const ticks = events.every(({ kind }) => kind === 'analysis.judged' || kind === 'step.noted');
  return ticks ? 3 : 2;
}

function noteUrgency(event: RolloutEvent): Urgency {
  switch (event.kind) {
    case 'rollback.announced':
    case 'rollout.paused':
    case 'rollout.stuck':
    case 'rollout.succeeded':
    case 'rollout.rolled_back':
    case 'rollout.cancelled':
    case 'approval.denied':
    case 'override.used':
      return 1;
    default:
      return 2;
  }
}
