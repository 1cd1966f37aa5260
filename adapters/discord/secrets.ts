/** Secrets of Discord, as the environment gives them. */
export interface DiscordSecrets {
  readonly botToken: string | null;
  /** Of the application, in hexadecimal: not secret, but it comes with the token. */
  readonly publicKey: string | null;
}

/** The variable of a secret that the transport needs and that is not there; null when all are. */
export function missingSecret(
  transport: 'gateway' | 'http',
  { botToken, publicKey }: DiscordSecrets,
): string | null {
  if (botToken === null) return 'SIGNALBOX_DISCORD_BOT_TOKEN';
  return transport === 'http' && publicKey === null ? 'SIGNALBOX_DISCORD_PUBLIC_KEY' : null;
}

/** Reads what the environment has for Discord. */
export function discordSecrets(environment: {
  readonly SIGNALBOX_DISCORD_BOT_TOKEN?: { reveal(): string } | undefined;
  readonly SIGNALBOX_DISCORD_PUBLIC_KEY?: string | undefined;
}): DiscordSecrets {
  return {
    botToken: environment.SIGNALBOX_DISCORD_BOT_TOKEN?.reveal() ?? null,
    publicKey: environment.SIGNALBOX_DISCORD_PUBLIC_KEY ?? null,
  };
}
