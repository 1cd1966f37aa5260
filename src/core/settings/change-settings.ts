import { z } from 'zod';
import { Name } from './named.ts';

/** Where the changes of a service are read from. */
export const ChangeSettings = z.strictObject({
  host: Name.describe('Name of an entry of `hosts`.'),
  repository: z
    .string()
    .regex(/^[\w.-]+(?:\/[\w.-]+)+$/, 'a repository such as acme/api')
    .max(200)
    .describe('The repository on that host.'),
  tickets: z
    .url({ protocol: /^https?$/ })
    .refine((text) => text.includes('{ticket}'), 'a URL with {ticket} in it')
    .optional()
    .describe('Where tickets are, such as https://acme.example/browse/{ticket}.'),
});
export type ChangeSettings = z.infer<typeof ChangeSettings>;
