import { z } from 'zod';

const Zone = z.string().describe('IANA time zone, for example Europe/Berlin.');
const Reason = z.string().min(1).describe('Told to everybody whom it stops.');
const Overrun = z
  .enum(['finish', 'hold'])
  .default('finish')
  .describe('What happens to a rollout under way when the window begins.');

const WeekTime = z.strictObject({
  day: z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']),
  time: z
    .string()
    .regex(/^\d\d:\d\d$/, 'a time such as 18:00')
    .describe('Local time, HH:MM.'),
});

const DateTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/, 'a date and time such as 2026-12-24T18:00')
  .describe('Local to the zone, for example 2026-12-24T18:00.');

/** A planned freeze: weekly or dated windows in an IANA zone. A week window may cross midnight and the week's end. Deny wins. */
export const FreezeWindow = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('weekly'),
    zone: Zone,
    from: WeekTime,
    until: WeekTime,
    reason: Reason,
    overrun: Overrun,
  }),
  z.strictObject({
    kind: z.literal('dated'),
    zone: Zone,
    from: DateTime,
    until: DateTime,
    reason: Reason,
    overrun: Overrun,
  }),
]);
export type FreezeWindow = z.infer<typeof FreezeWindow>;
