import { z } from 'zod';

/** Options of an entry of `hosts` with the adapter `gitlab`. */
export const GitLabHost = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .refine((text) => new URL(text).username === '' && new URL(text).search === '', {
      message: 'a URL without user and query: the token comes from SIGNALBOX_GITLAB_TOKEN',
    })
    .default('https://gitlab.com')
    .describe('Where GitLab is, up to what stands before /api/v4.'),
});
export type GitLabHost = z.infer<typeof GitLabHost>;
