import { buttonOf } from '#core/cards/card-context.ts';
import { noticeView } from '#core/cards/notice-view.ts';
import { signalbox } from '#core/people.ts';
import { PlaceState } from '#core/place.ts';
import { reminderOfLock } from '#core/reminders/of-lock.ts';
import { remindersOfRollout } from '#core/reminders/of-rollout.ts';
import type { Reminder } from '#core/reminders/reminder.ts';
import type { Transaction } from '#ports/store.ts';
import { cardContext, storeActions } from './card-actions.ts';
import type { Rollouts } from './rollouts.ts';
import { tellPerson } from './tell-person.ts';
import type { World } from './world.ts';

type Needs = Pick<World, 'settings' | 'store' | 'crypto' | 'platform' | 'pokeDelivery'>;

/** Places that are looked at in one round. */
const placesAtMost = 2000;

/**
 * Reminds people of what waits for them. A chore for every process, also for one that only serves:
 * that no worker is there is one of the things to tell. Each occasion is told once, whoever looks.
 * Returns how many messages were written.
 */
export function remind(world: Needs, rollouts: Rollouts): () => Promise<number> {
  /** What is known to be told: spares the database. */
  let told: ReadonlySet<string> = new Set();

  return async () => {
    const written = await world.store.transact(async (tx) => {
      const due = await dueReminders(tx, world, rollouts);
      const fresh = due.filter(({ occasion }) => !told.has(occasion));
      let count = 0;
      for (const reminder of fresh) count += await tell(tx, world, reminder);
      return { count, occasions: due.map(({ occasion }) => occasion) };
    });
    told = new Set(written.occasions);
    if (written.count > 0) world.pokeDelivery();
    return written.count;
  };
}

async function dueReminders(
  tx: Transaction,
  world: Needs,
  rollouts: Rollouts,
): Promise<readonly Reminder[]> {
  const after = world.settings().settings.reminders;
  const open = await rollouts.open(tx);
  const due = open.flatMap((state) => remindersOfRollout(state, tx.now, after));
  const places = await tx.streams({ kind: 'place', limit: placesAtMost });
  for (const { row } of places) {
    const place = PlaceState.parse(row.state);
    if (place.lock === null) continue;
    const { by, rollout } = place.lock;
    // A lock that Signalbox took after a rollback is the affair of whoever asked for that release.
    const behind = rollout === null ? null : await rollouts.read(tx, rollout);
    const owner = by.person === signalbox.person ? behind?.requester : by;
    const reminder = owner === undefined ? null : reminderOfLock(place, owner, tx.now, after);
    if (reminder !== null) due.push(reminder);
  }
  return due;
}

async function tell(tx: Transaction, world: Needs, reminder: Reminder): Promise<number> {
  const context = cardContext(world, tx.now);
  const { tone, title, said, more, actions, occasion } = reminder;
  const buttons = actions.map((action) => buttonOf(action, context));
  const view = noticeView({
    tone,
    title,
    said,
    more,
    blocks: buttons.length === 0 ? [] : [{ kind: 'buttons', buttons }],
  });
  let count = 0;
  for (const to of reminder.to) {
    const id = `reminder:${occasion}:${to.person}`;
    if ((await tx.surface(id)) !== null) continue;
    await tellPerson(tx, world, { id, to, view });
    count += 1;
  }
  if (count > 0) await storeActions(tx, world, actions);
  return count;
}
