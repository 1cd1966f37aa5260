import { closed } from '#core/cards/sentence.ts';
import { subjectOf } from '#core/cards/standing.ts';
import { formatDuration } from '#core/duration.ts';
import type { Instant } from '#core/ids.ts';
import type { Button } from '#core/message.ts';
import type { Actor } from '#core/people.ts';
import { freeVersion, lockInForce } from '#core/place/decide.ts';
import type { PlaceState } from '#core/place.ts';
import { expectedTurn } from '#core/queue-outlook.ts';
import { type Refusal, refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { sameArtifact } from '#core/same-artifact.ts';
import type { Transaction } from '#ports/store.ts';
import { inOrder } from './board.ts';
import { mayBreakGlass } from './break-glass.ts';
import { changePlace, readPlace } from './change-place.ts';
import { rolloutAnswer } from './change-rollout.ts';
import type { Answer, CommandContext } from './command.ts';
import type { RolloutRequest } from './rollouts.ts';
import { makeRoom, offerTakeOver, tellLosers, whatGaveWay } from './take-over.ts';

/** A release as a command asks for it; who and from where follows from the context. */
export type Wish = Omit<RolloutRequest, 'requester' | 'origin'>;

/** What the answer of a request has to say. */
interface Requested {
  readonly state: RolloutState;
  /** Those that come before it, the one at work first. */
  readonly ahead: readonly RolloutState[];
  /** The offer to take the place of the one at work; null when nobody is ahead. */
  readonly offer: Button | null;
  readonly remarks: readonly string[];
}

/**
 * Requests a release by hand. A hold on the version ends with it: somebody asked for it. To steal
 * with a request that waits already moves that one to the front.
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
  const { state, ahead, offer, remarks } = requested.value;
  const said = `${subjectOf(state)} is requested as ${state.id}.`;
  const queue = queueWords(ahead, context.world.clock.now(), offer !== null);
  const more = [remark, queue, ...remarks].filter((one) => one !== '').join(' ');
  const answer = rolloutAnswer(state, said, more);
  if (offer === null) return ok(answer);
  const blocks = [...answer.view.blocks, { kind: 'buttons', buttons: [offer] } as const];
  return ok({ ...answer, view: { ...answer.view, blocks } });
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
  const { service, environment, artifact, steal } = wish;
  const { actor, rollouts } = context;
  const live = await rollouts.live(tx, service, environment);
  const open = inOrder(await rollouts.open(tx, service, environment));
  if (live !== null && sameArtifact(live.artifact, artifact)) {
    return no(alreadyLive(wish, live.artifact.version, open[0]));
  }
  const place = await readPlace(tx, service, environment);
  const remarks = [
    ...(await endHold(tx, context, wish, place)),
    ...lockWords(place, actor, tx.now),
  ];
  const waiting = open.find((one) => one.startedAt === null && isSame(one, wish));
  if (steal && waiting !== undefined) {
    const losers = open.filter((one) => one !== waiting);
    await makeRoom(tx, context, losers, waiting);
    await tellLosers(tx, context, losers, waiting);
    const gone = await whatGaveWay(tx, context, losers);
    return ok({ state: waiting, ahead: [], offer: null, remarks: [...gone, ...remarks] });
  }
  const origin = context.inbound.channel;
  const made = await rollouts.request(tx, { ...wish, requester: actor, origin });
  if (!made.ok) return made;
  const state = made.value;
  if (steal) {
    await tellLosers(tx, context, open, state);
    const gone = await whatGaveWay(tx, context, open);
    return ok({ state, ahead: [], offer: null, remarks: [...gone, ...remarks] });
  }
  const [holder] = open;
  const offered = holder !== undefined && wish.intent === 'deploy';
  const offer = offered ? await offerTakeOver(tx, context, wish, holder) : null;
  return ok({ state, ahead: open, offer, remarks });
}

function isSame(rollout: RolloutState, wish: Wish): boolean {
  return rollout.intent === wish.intent && sameArtifact(rollout.artifact, wish.artifact);
}

/** Lets a version that was on hold come back, and says that it was. */
async function endHold(
  tx: Transaction,
  { actor }: CommandContext,
  { service, environment, artifact, reason }: Wish,
  place: PlaceState,
): Promise<readonly string[]> {
  const hold = place.holds.find((one) => sameArtifact(one.artifact, artifact));
  if (hold === undefined) return [];
  const free = freeVersion({ artifact, by: actor, reason: `requested: ${reason}` });
  await changePlace(tx, service, environment, free, actor);
  return [`This version was on hold here (${hold.reason}); your request ends the hold.`];
}

function lockWords(place: PlaceState, actor: Actor, now: Instant): readonly string[] {
  const lock = lockInForce(place, now);
  if (lock === null || lock.by.person === actor.person) return [];
  return [
    `${lock.by.displayName} holds a lock there: ${closed(lock.reason)} To be told when it is free: notify.`,
  ];
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

function queueWords(ahead: readonly RolloutState[], now: Instant, stealable: boolean): string {
  const [first] = ahead;
  if (first === undefined) return '';
  const turn = expectedTurn(ahead, now);
  const when = turn === null ? '' : `, its turn in about ${formatDuration((turn - now) / 1000)}`;
  const steal = stealable ? ' To take its place at once, add --steal.' : '';
  return `It waits behind ${first.id}, position ${ahead.length}${when}.${steal}`;
}
