import { z } from 'zod';
import { secret } from '#core/secret.ts';

/** A value that must not be seen; it may also be given as `<NAME>_FILE`, the path of a file. */
function hidden(rule: z.ZodString, summary: string) {
  return rule.transform(secret).optional().meta({ description: summary, secret: true });
}

const token = () => z.string().regex(/^\S+$/, 'a token without blanks');

/** A whole number in a text, between two limits. */
function number(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, `a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, {
      message: `a whole number from ${least} to ${most}`,
    });
}

/**
 * Every environment variable that Signalbox reads. Secrets come from here alone, never from the
 * settings file. An unknown `SIGNALBOX_*` name is refused: a typing error must not become a default.
 */
export const Environment = z.object({
  SIGNALBOX_CONFIG: z.string().min(1).optional().meta({
    description: 'Path of the settings file; else ./signalbox.yaml, else the embedded demo.',
  }),
  SIGNALBOX_DATA: z.string().min(1).default('./.signalbox').meta({
    description: 'Folder of the embedded database and of keys that were made at the first start.',
  }),
  SIGNALBOX_HOST: z.string().min(1).default('127.0.0.1').meta({
    description: 'Address to listen on.',
  }),
  SIGNALBOX_PORT: number(0, 65_535).optional().meta({
    description:
      'Port of the console, the API and incoming webhooks; 0 takes a free one. Absent: 7777, or the next free one.',
  }),
  SIGNALBOX_LOG: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').meta({
    description: 'Least level of the logs.',
  }),
  SIGNALBOX_RECONCILE: number(1, 60).default(5).meta({
    description: 'Seconds between two looks of a worker for releases that the queue has lost.',
  }),
  SIGNALBOX_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({
      description: 'For the command line: the server to talk to.',
    }),
  SIGNALBOX_TOKEN: hidden(token(), 'For the command line: the token of the person who asks.'),
  SIGNALBOX_SECRET: hidden(
    z.string().min(32, 'at least 32 characters'),
    'Key of the installation for signed links, cookies and buttons; made at the first start if absent.',
  ),
  SIGNALBOX_API_TOKENS: hidden(
    z.string(),
    'Tokens of API clients and the command line, one `user:sha256` a line: see `signalbox token`.',
  ),
  SIGNALBOX_SIGNING_KEY: hidden(
    z.string().min(32, 'an Ed25519 private key in PEM'),
    'Ed25519 private key (PEM) that signs checkpoints of the history; made at the first start if absent.',
  ),
  DATABASE_URL: hidden(
    z.string().regex(/^postgres(?:ql)?:\/\//, 'a URL that begins with postgres://'),
    'Postgres; absent: the embedded database.',
  ),
  REDIS_URL: hidden(
    z
      .string()
      .regex(/^redis(?:s)?(?:\+(?:cluster|sentinel))?:\/\//, 'a URL that begins with redis://'),
    'Redis or Valkey as the queue; absent: the database is the queue.',
  ),
  SIGNALBOX_SLACK_BOT_TOKEN: hidden(token(), 'Slack bot token (xoxb-).'),
  SIGNALBOX_SLACK_APP_TOKEN: hidden(token(), 'Slack app-level token (xapp-) for Socket Mode.'),
  SIGNALBOX_SLACK_SIGNING_SECRET: hidden(token(), 'Slack signing secret for HTTP.'),
  SIGNALBOX_DISCORD_BOT_TOKEN: hidden(token(), 'Discord bot token.'),
  SIGNALBOX_DISCORD_PUBLIC_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, '64 hexadecimal digits')
    .optional()
    .meta({ description: 'Discord application public key for HTTP interactions.' }),
  SIGNALBOX_OIDC_CLIENT_SECRET: hidden(token(), 'Client secret of the console at the issuer.'),
  SIGNALBOX_ALERT_TOKEN: hidden(
    z.string().regex(/^\S{16,}(?:\s+\S{16,})*$/, 'tokens of at least 16 characters, one a line'),
    'Bearer token that the alert webhooks of Alertmanager and Grafana must present; several, one a line, while it is changed.',
  ),
  SIGNALBOX_PAGERDUTY_SECRET: hidden(
    z.string().regex(/^\S{16,}(?:\s+\S{16,})*$/, 'secrets of at least 16 characters, one a line'),
    'Secret of the webhook subscription of PagerDuty, which signs what it sends; one a line for several subscriptions.',
  ),
  SIGNALBOX_ON_CALL_TOKEN: hidden(
    token(),
    'Token that may read schedules of PagerDuty, Opsgenie or Grafana OnCall.',
  ),
  SIGNALBOX_PROMETHEUS_TOKEN: hidden(token(), 'Bearer token for Prometheus.'),
  SIGNALBOX_PROMETHEUS_PASSWORD: hidden(token(), 'Password for Prometheus behind basic auth.'),
  SIGNALBOX_GRAFANA_TOKEN: hidden(
    token(),
    'Token of a Grafana service account that may write annotations.',
  ),
  SIGNALBOX_REGISTRY_TOKEN: hidden(token(), 'Token for the artifact registry.'),
  SIGNALBOX_ANCHOR_TOKEN: hidden(
    token(),
    'Token that may push checkpoints (`audit.registry`); SIGNALBOX_REGISTRY_TOKEN unless given.',
  ),
  SIGNALBOX_GIT_TOKEN: hidden(
    token(),
    'Password for Git over HTTPS with the user `git`, for changes and release notes.',
  ),
  SIGNALBOX_GITHUB_TOKEN: hidden(token(), 'GitHub token, for changes and release notes.'),
  SIGNALBOX_GITLAB_TOKEN: hidden(token(), 'GitLab token, for changes and release notes.'),
  SIGNALBOX_FAILPOINT: z.string().min(1).optional().meta({
    description: 'For tests: the failpoint at which the process ends itself.',
  }),
});
export type Environment = z.infer<typeof Environment>;

/** True when the variable may also come from a file. */
export function isSecret(name: string): boolean {
  const schema = Object.entries(Environment.shape).find(([known]) => known === name)?.[1];
  return schema?.meta()?.['secret'] === true;
}
