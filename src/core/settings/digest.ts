import { z } from 'zod';
import { isZone } from '#core/calendar.ts';
import { Name } from './named.ts';

/** The days of a week, as settings name them. */
export const Weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

/** A digest that is posted by itself. */
export const DigestSettings = z.strictObject({
  channel: Name.describe('Name of an entry of `channels`: where it is posted.'),
  at: z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time from 00:00 to 23:59')
    .describe('Local time, HH:MM.'),
  zone: z
    .string()
    .refine(isZone, 'a time zone such as "Europe/Berlin"')
    .describe('IANA time zone of `at` and of the days.'),
  days: z
    .array(Weekday)
    .min(1)
    .default(() => [...Weekday.options])
    .describe('Days on which it is posted; every day unless told.'),
  quiet: z
    .enum(['line', 'nothing'])
    .default('line')
    .describe('What a quiet day says: one line, or nothing.'),
  services: z.array(Name).optional().describe('Only these services; absent: all.'),
  environments: z.array(Name).optional().describe('Only these environments; absent: all.'),
});
export type DigestSettings = z.infer<typeof DigestSettings>;
