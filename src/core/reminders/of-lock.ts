import { formatDuration } from '#core/duration.ts';
import { type Instant, placeId } from '#core/ids.ts';
import type { Actor } from '#core/people.ts';
import { lockInForce } from '#core/place/decide.ts';
import type { PlaceState } from '#core/place.ts';
import type { ReminderSettings } from '#core/settings/reminders.ts';
import { doublings, type Reminder } from './reminder.ts';

/** Asks the owner of an old lock whether it is still needed; null while there is nothing to ask. */
export function reminderOfLock(
  place: PlaceState,
  owner: Actor,
  now: Instant,
  after: ReminderSettings,
): Reminder | null {
  const lock = lockInForce(place, now);
  if (lock === null) return null;
  const times = doublings(now - lock.since, after.lock * 1000);
  if (times === null) return null;
  const name = placeId(place.service, place.environment);
  const end = lock.until === null ? [] : [`It ends by itself in ${left(lock.until, now)}.`];
  return {
    occasion: `lock:${name}:${lock.since}:${times}`,
    to: [owner],
    tone: 'waiting',
    title: `Lock on ${name}`,
    said: `${name} has been locked for ${formatDuration((now - lock.since) / 1000)}. Is it still needed?`,
    more: [[lock.reason], ...end.map((line) => [line])],
    actions: [
      {
        command: 'unlock',
        args: { service: place.service, environment: place.environment },
        rollout: null,
        planHash: null,
        label: `Unlock ${name}`,
        style: 'plain',
        confirm: {
          title: `Unlock ${name}?`,
          text: `Releases of ${place.service} to ${place.environment} can start again.`,
          yes: 'Unlock',
        },
        ask: null,
      },
    ],
  };
}

function left(until: Instant, now: Instant): string {
  return formatDuration((until - now) / 1000);
}
