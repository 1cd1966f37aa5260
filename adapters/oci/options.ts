import { z } from 'zod';

const host = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?$/, 'a host name, as auth.docker.io');

/** How a repository is named (OCI distribution specification). */
export const repositoryGrammar =
  /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;

/** How a registry is reached; `token` names the variable with its secret. */
function reaching(token: string) {
  return {
    url: z
      .url({ protocol: /^https?$/ })
      .refine(isSafe, 'https, or http on the loopback')
      .describe('Base URL of the registry, as https://ghcr.io.'),
    credentials: z
      .enum(['none', 'token', 'basic'])
      .default('none')
      .describe(
        `What ${token} is: nothing for this registry, a bearer token, or the password of \`username\`.`,
      ),
    username: z.string().min(1).max(256).optional().describe('For `basic`.'),
    tokenHosts: z
      .array(host)
      .default([])
      .describe(
        'Hosts besides the registry’s own that may be asked for tokens, as auth.docker.io. Credentials go nowhere else.',
      ),
    timeout: z
      .number()
      .int()
      .min(1)
      .max(60)
      .default(10)
      .describe('Seconds until an answer must have come.'),
  };
}

const namedUser = {
  path: ['username'],
  message: 'a user name, because the credentials are basic',
};

function hasUser({
  credentials,
  username,
}: {
  credentials: string;
  username?: string | undefined;
}) {
  return credentials !== 'basic' || username !== undefined;
}

/** Options of a registry that speaks the OCI distribution specification. */
export const OciRegistry = z
  .strictObject({
    ...reaching('SIGNALBOX_REGISTRY_TOKEN'),
    tags: z
      .enum(['semver', 'all'])
      .default('semver')
      .describe(
        'Which tags are versions when they are listed: semantic ones alone, newest first, or all, in the order of their names. Any tag can be deployed by its name.',
      ),
  })
  .refine(hasUser, namedUser);
export type OciRegistry = z.infer<typeof OciRegistry>;

/** Options of a registry that checkpoints are pushed to. */
export const OciAnchor = z
  .strictObject({
    ...reaching('SIGNALBOX_ANCHOR_TOKEN'),
    repository: z
      .string()
      .max(255)
      .regex(repositoryGrammar, 'a repository, as team/signalbox-checkpoints')
      .describe('Where checkpoints are pushed; nothing else should be there.'),
  })
  .refine(hasUser, namedUser);
export type OciAnchor = z.infer<typeof OciAnchor>;

/** What both have: how the registry is reached. */
export type Reaching = Omit<OciRegistry, 'tags'>;

function isSafe(text: string): boolean {
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}
