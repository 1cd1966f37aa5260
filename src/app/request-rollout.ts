import { noticeView } from '#core/cards/notice-view.ts';
import { subjectOf } from '#core/cards/standing.ts';
import { formatDuration } from '#core/duration.ts';
import { freeVersion } from '#core/place/decide.ts';
import { expectedTurn } from '#core/queue-outlook.ts';
import { type Refusal, refusal } from '#core/refusal.ts';
import { sameArtifact } from '#core/release.ts';
import { no, ok, type Result } from '#core/result.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Transaction } from '#ports/store.ts';
import { inOrder } from './board.ts';
import { mayBreakGlass } from './break-glass.ts';
import { changePlace, readPlace } from './change-place.ts';
import { rolloutAnswer } from './change-rollout.ts';
import type { Answer, CommandContext } from './command.ts';
import type { RolloutRequest } from './rollouts.ts';
import { tellPerson } from './tell-person.ts';

/** A release as a command asks for it; who and from where follows from the context. */
export type Wish = Omit<RolloutRequest, 'requester' | 'origin'>;

/** What the answer of a request has to say. */
interface Requested {
  readonly state: RolloutState;
  /** Those that come before it, the one at work first. */
  readonly ahead: readonly RolloutState[];
  /** Why the version had been held here; null when it was not. */
  readonly heldBecause: string | null;
  readonly now: number;
}

/**
 * Requests a release by hand. A hold on the version ends with it: somebody asked for it.
 * Refusals: `version.already_live`, `rollout.already_requested`, those of break-glass and stealing.
 */
export async function requestRollout(
  context: CommandContext,
  wish: Wish,
  remark = '',
): Promise<Result<Answer>> {
  const allowed = await mayInsist(context, wish);
  if (!allowed.ok) return allowed;
  const requested = await context.transact((tx) => request(tx, context, wish));
  if (!requested.ok) return requested;
  const { state } = requested.value;
  const remarks = [remark, queueWords(requested.value), holdWords(requested.value)];
  const said = `${subjectOf(state)} is requested as ${state.id}.`;
  return ok(rolloutAnswer(state, said, remarks.filter((one) => one !== '').join(' ')));
}

/** Breaking the glass and taking somebody's place need rights of their own. */
async function mayInsist(context: CommandContext, wish: Wish): Promise<Result<unknown>> {
  const scope = { service: wish.service, environment: wish.environment };
  if (wish.breakGlass) {
    const may = await mayBreakGlass(context, scope, wish.reason);
    if (!may.ok) return may;
  }
  if (!wish.steal) return ok(null);
  return context.authority.authorise(context.actor, 'abort', scope, true);
}

async function request(
  tx: Transaction,
  context: CommandContext,
  wish: Wish,
): Promise<Result<Requested>> {
  const { service, environment, artifact } = wish;
  const { actor, rollouts } = context;
  const live = await rollouts.live(tx, service, environment);
  const open = inOrder(await rollouts.open(tx, service, environment));
  if (live !== null && sameArtifact(live.artifact, artifact)) {
    return no(alreadyLive(wish, live.artifact.version, open[0]));
  }
  const place = await readPlace(tx, service, environment);
  const hold = place.holds.find((one) => sameArtifact(one.artifact, artifact)) ?? null;
  if (hold !== null) {
    const free = freeVersion({ artifact, by: actor, reason: `requested: ${wish.reason}` });
    await changePlace(tx, service, environment, free, actor);
  }

  const requester = actor;
  const made = await rollouts.request(tx, { ...wish, requester, origin: context.inbound.channel });
  if (!made.ok) return made;
  if (wish.steal) await tellLosers(tx, context, open, made.value);
  const ahead = wish.steal ? [] : open;
  return ok({ state: made.value, ahead, heldBecause: hold?.reason ?? null, now: tx.now });
}

function alreadyLive(wish: Wish, version: string, rollout: RolloutState | undefined): Refusal {
  return refusal(
    'version.already_live',
    `${wish.service} ${version} already runs in ${wish.environment}.`,
    rollout === undefined
      ? 'Nothing needs to be done.'
      : `To stay on it, abort ${rollout.id} (${rollout.artifact.version}).`,
  );
}

/** Whoever asked for a rollout that has to make room hears it in person. */
async function tellLosers(
  tx: Transaction,
  { world, actor }: CommandContext,
  losers: readonly RolloutState[],
  winner: RolloutState,
): Promise<void> {
  for (const loser of losers) {
    if (loser.requester.person === actor.person) continue;
    const said = `${actor.displayName} took ${winner.environment} over from ${loser.id} with ${subjectOf(winner)} (${winner.id}).`;
    const why = winner.reason === '' ? [] : [[`Their reason: ${winner.reason}`]];
    const view = noticeView({ tone: 'warning', title: 'Taken over', said, more: why });
    await tellPerson(tx, world, { id: `taken:${loser.id}`, to: loser.requester, view });
  }
}

function queueWords({ ahead, now }: Requested): string {
  const [first] = ahead;
  if (first === undefined) return '';
  const turn = expectedTurn(ahead, now);
  const when = turn === null ? '' : `, its turn in about ${formatDuration((turn - now) / 1000)}`;
  return `It waits behind ${first.id}, position ${ahead.length}${when}. To take its place: --steal.`;
}

function holdWords({ heldBecause }: Requested): string {
  return heldBecause === null
    ? ''
    : `This version was on hold here (${heldBecause}); your request ends the hold.`;
}
