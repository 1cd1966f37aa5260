/** Secrets of Slack, as the environment gives them. */
export interface SlackSecrets {
  /** Bot tokens, one per workspace. */
  readonly botTokens: readonly string[];
  readonly appToken: string | null;
  /** The secret in force, and during a rotation the one before. */
  readonly signingSecrets: readonly string[];
}

/** The variable of a secret that the transport needs and that is not there; null when all are. */
export function missingSecret(
  transport: 'socket' | 'http',
  { botTokens, appToken, signingSecrets }: SlackSecrets,
): string | null {
  if (botTokens.length === 0) return 'SIGNALBOX_SLACK_BOT_TOKEN';
  if (transport === 'socket') return appToken === null ? 'SIGNALBOX_SLACK_APP_TOKEN' : null;
  return signingSecrets.length === 0 ? 'SIGNALBOX_SLACK_SIGNING_SECRET' : null;
}

interface Hidden {
  reveal(): string;
}

/** Reads the secrets; several tokens or signing secrets are separated by commas. */
export function slackSecrets(environment: {
  readonly SIGNALBOX_SLACK_BOT_TOKEN?: Hidden | undefined;
  readonly SIGNALBOX_SLACK_APP_TOKEN?: Hidden | undefined;
  readonly SIGNALBOX_SLACK_SIGNING_SECRET?: Hidden | undefined;
}): SlackSecrets {
  return {
    botTokens: list(environment.SIGNALBOX_SLACK_BOT_TOKEN),
    appToken: list(environment.SIGNALBOX_SLACK_APP_TOKEN)[0] ?? null,
    signingSecrets: list(environment.SIGNALBOX_SLACK_SIGNING_SECRET),
  };
}

function list(hidden: Hidden | undefined): readonly string[] {
  const parts = (hidden?.reveal() ?? '').split(',').map((part) => part.trim());
  return parts.filter((part) => part !== '');
}
