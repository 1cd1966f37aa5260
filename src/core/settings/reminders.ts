import { z } from 'zod';
import { Duration } from '#core/duration-setting.ts';

/** When somebody is reminded of what they left behind. Zero turns one off. */
export const ReminderSettings = z.strictObject({
  lock: Duration.prefault(86_400).describe(
    'Age of a lock at which its owner is asked whether it is still needed; again at each doubling.',
  ),
  pause: Duration.prefault(1800).describe(
    'Age of a pause at which those concerned are reminded; again at each doubling.',
  ),
  expiry: Duration.prefault(1800).describe(
    'How long before an approval or a plan that waits expires its people are told.',
  ),
  request: Duration.prefault(30).describe(
    'How long a request may stand still before the requester is told.',
  ),
});
export type ReminderSettings = z.infer<typeof ReminderSettings>;
