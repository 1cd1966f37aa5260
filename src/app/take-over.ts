import { canonicalJson } from '#core/canonical.ts';
import { noticeView } from '#core/cards/notice-view.ts';
import { standing, subjectOf } from '#core/cards/standing.ts';
import type { Button } from '#core/message.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';
import type { Transaction } from '#ports/store.ts';
import type { CommandContext } from './command.ts';
import type { RolloutRequest } from './rollouts.ts';
import { tellPerson } from './tell-person.ts';

/** How long the offer to take a place over stands, in milliseconds. */
const offerMs = 3_600_000;

/** Those that hold or await the place make room for one that waits behind them already. */
export async function makeRoom(
  tx: Transaction,
  { rollouts, actor }: CommandContext,
  losers: readonly RolloutState[],
  winner: RolloutState,
): Promise<void> {
  const detail = `${actor.displayName} took over with ${winner.id}`;
  const kind = winner.intent === 'deploy' ? 'taken_over' : 'person';
  for (const { id } of losers) {
    // One that is going back already, or is past the point of no return, stays in its place.
    await rollouts.change(tx, id, { kind: 'abort', by: actor, cause: { kind, detail } });
  }
}

/** Whoever asked for a rollout that has to make room hears it in person. */
export async function tellLosers(
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

/** What became of those that had to make room, as they stand now: one sentence each. */
export async function whatGaveWay(
  tx: Transaction,
  { rollouts }: CommandContext,
  losers: readonly RolloutState[],
): Promise<readonly string[]> {
  const now = await Promise.all(losers.map(({ id }) => rollouts.read(tx, id)));
  return now.flatMap((state) => (state === null ? [] : [`${gaveWay(state)}.`]));
}

function gaveWay(state: RolloutState): string {
  const named = `${state.id} (${state.artifact.version})`;
  if (state.phase === 'aborting') return `${named} goes back first`;
  return ended(state.phase) ? `${named} is given up for it` : `${named} stays: ${standing(state)}`;
}

/** Keeps the offer to take the place of the one at work, and returns its button. */
export async function offerTakeOver(
  tx: Transaction,
  { world }: CommandContext,
  wish: Pick<RolloutRequest, 'service' | 'environment' | 'artifact' | 'reason'>,
  holder: RolloutState,
): Promise<Button> {
  const args = {
    service: wish.service,
    version: wish.artifact.version,
    environment: wish.environment,
    steal: 'true',
    ...(wish.reason === '' ? {} : { reason: wish.reason }),
  };
  const text = canonicalJson({ args, holder: holder.id });
  const token = `t.${world.crypto.sha256(`signalbox-take-over-v1\0${text}`).slice(0, 32)}`;
  const expiresAt = tx.now + offerMs;
  await tx.storeActions([
    { token, command: 'deploy', args, planHash: null, rollout: null, expiresAt },
  ]);
  const { id, requester, environment, startedAt } = holder;
  const end = startedAt === null ? 'is cancelled' : 'goes back';
  return {
    label: `Take over from ${id}`,
    token,
    style: 'danger',
    confirm: {
      title: `Take ${environment} over from ${id}?`,
      text: `${subjectOf(holder)} ${end}, and ${requester.displayName} is told that it was you.`,
      yes: 'Take over',
    },
  };
}
