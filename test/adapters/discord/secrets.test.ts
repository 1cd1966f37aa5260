import { expect, it } from 'vitest';
import { missingSecret } from '#adapters/discord/secrets.ts';

const token = 'a token';
const key = 'a key';

it.each([
  ['gateway', null, null, 'SIGNALBOX_DISCORD_BOT_TOKEN'],
  ['gateway', token, null, null],
  ['http', null, key, 'SIGNALBOX_DISCORD_BOT_TOKEN'],
  ['http', token, null, 'SIGNALBOX_DISCORD_PUBLIC_KEY'],
  ['http', token, key, null],
] as const)(
  'over %s with token %s and key %s, %s is missing',
  (transport, botToken, publicKey, missing) => {
    expect(missingSecret(transport, { botToken, publicKey })).toBe(missing);
  },
);
