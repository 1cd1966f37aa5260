import { z } from 'zod';

/** Options of an entry of `hosts` with the adapter `git`. */
export const GitHost = z.strictObject({
  url: z
    .url({ protocol: /^(?:https?|ssh|file)$/ })
    .refine((text) => new URL(text).password === '' && new URL(text).search === '', {
      message: 'a URL without password and query: the token comes from SIGNALBOX_GIT_TOKEN',
    })
    .describe('What stands before the repository: https://git.example or ssh://git@git.example.'),
  suffix: z
    .string()
    .regex(/^[\w.-]{0,20}$/)
    .default('')
    .describe('What stands after the repository, such as .git.'),
});
export type GitHost = z.infer<typeof GitHost>;
