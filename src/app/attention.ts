import { type AlertGroup, aimsOf, beganAt, severityOf } from '#core/alerts/group.ts';
import { openSuspects } from '#core/cards/alert-actions.ts';
import { alertCard } from '#core/cards/alert-card.ts';
import { byNeed, needsPerson } from '#core/cards/board-view.ts';
import { releaseCard } from '#core/cards/release-card.ts';
import { lockInForce } from '#core/place/decide.ts';
import type { MessageRef } from '#ports/chat.ts';
import type { Attention, RingingAlert } from '#ports/reader.ts';
import type { Transaction } from '#ports/store.ts';
import { firingGroups } from './alerts/alert-stream.ts';
import { alertSurfacePrefix } from './alerts/project-alert.ts';
import { suspectsNow } from './alerts/suspects-now.ts';
import { readBoard } from './board.ts';
import { cardContext } from './card-actions.ts';
import { readFreezes } from './change-freezes.ts';
import { isConfigured, refsOf } from './rollout/channels-of.ts';
import type { Rollouts } from './rollouts.ts';
import type { World } from './world.ts';

/** Alerts and releases that are shown with their cards. */
const most = 30;

/** What asks for somebody now; all but who that is. */
export async function readAttention(
  tx: Transaction,
  world: World,
  rollouts: Rollouts,
): Promise<Omit<Attention, 'duty'>> {
  const snapshot = world.settings();
  const groups = await firingGroups(tx);
  const alerts: RingingAlert[] = [];
  for (const group of groups.slice(0, most)) alerts.push(await ringing(tx, world, group));
  const open = await rollouts.open(tx);
  const context = cardContext(world, tx.now);
  const board = await readBoard(tx, snapshot, rollouts);
  return {
    alerts,
    waiting: open
      .filter(needsPerson)
      .toSorted(byNeed)
      .slice(0, most)
      .map((state) => ({ state, card: releaseCard(state, context) })),
    underWay: open.filter((state) => !needsPerson(state)),
    held: board
      .filter(
        ({ place, frozen }) =>
          lockInForce(place, tx.now) !== null || frozen !== null || place.holds.length > 0,
      )
      .map(({ service, environment, place, frozen }) => ({ service, environment, place, frozen })),
    freezes: await readFreezes(tx),
  };
}

async function ringing(tx: Transaction, world: World, group: AlertGroup): Promise<RingingAlert> {
  const suspects = await suspectsNow(tx, group);
  const { home, raised } = group;
  return {
    id: group.id,
    title: group.title,
    severity: severityOf(group),
    since: beganAt(group),
    places: aimsOf(group),
    card: alertCard(group, suspects, cardContext(world, tx.now)),
    suspects: openSuspects(group, suspects).map(({ suspect }) => ({
      rollout: suspect.rollout,
      service: suspect.service,
      version: suspect.version,
    })),
    messages: await messagesOf(tx, world, group),
    toldIn: home.kind === 'rollout' && !raised ? home.rollout : null,
  };
}

async function messagesOf(
  tx: Transaction,
  world: World,
  group: AlertGroup,
): Promise<readonly MessageRef[]> {
  const { settings } = world.settings();
  const channels = refsOf(settings.channels[settings.alerts?.channel ?? '']);
  const found: MessageRef[] = [];
  for (const channel of channels.filter(({ platform }) => isConfigured(settings, platform))) {
    const surface = await tx.surface(`${alertSurfacePrefix(group, channel)}:card`);
    if (surface?.message != null) found.push(surface.message);
  }
  return found;
}
