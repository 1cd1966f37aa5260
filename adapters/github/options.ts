import { z } from 'zod';

/** Options of an entry of `hosts` with the adapter `github`. */
export const GitHubHost = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .refine((text) => new URL(text).username === '' && new URL(text).search === '', {
      message: 'a URL without user and query: the token comes from SIGNALBOX_GITHUB_TOKEN',
    })
    .default('https://api.github.com')
    .describe('Base of the API; https://ghe.example/api/v3 for an Enterprise Server.'),
});
export type GitHubHost = z.infer<typeof GitHubHost>;
