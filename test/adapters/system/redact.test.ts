import { describe, expect, it } from 'vitest';
import { redact } from '#adapters/system/redact.ts';
import { redacted, redactText } from '#core/redact-text.ts';

// Put together here, so that no scanner of secrets takes them for real ones.
const slackBot = ['xoxb', '12345678901', 'AbCdEfGhIjKlMnOpQrStUvWx'].join('-');
const slackApp = ['xapp', '1', 'A012345', '678', 'abcdef0123456789'].join('-');
const discord = ['MTIzNDU2Nzg5MDEyMzQ1Njc4', 'GabcdE', 'a'.repeat(38)].join('.');
const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxIn0', 'c2lnbmF0dXJl'].join('.');
const key = ['-----BEGIN', 'PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----'].join(' ');

describe('what a log hides', () => {
  it.each([
    ['a Slack bot token', `with ${slackBot} in it`, slackBot],
    ['a Slack app token', slackApp, slackApp],
    ['a Slack webhook', 'https://hooks.slack.com/services/T0/B0/abc123', 'abc123'],
    ['a Discord token', discord, discord],
    ['a bearer', 'Authorization: Bearer abc.def-123', 'abc.def-123'],
    ['a bot header', `Bot ${discord}`, discord],
    ['a basic header', 'basic dXNlcjpwYXNzd29yZA==', 'dXNlcjpwYXNzd29yZA'],
    ['a JSON web token', `cookie=${jwt}; x`, jwt],
    ['a private key', `before\n${key}\nafter`, 'MIIEvQIBADAN'],
    ['half a private key', key.slice(0, 40), 'MIIE'],
    ['a password in a URL', 'redis://user:p4ss@host:6379/0', 'p4ss'],
    ['a password with an @ in a URL', 'postgres://u:p4@ss@host/db', 'ss@'],
    ['a password without a user', 'redis://:p4ss@host', 'p4ss'],
    ['a token in a query', 'https://a.example/x?access_token=t0k3n&b=1', 't0k3n'],
    ['a GitHub token', `ghp_${'a1'.repeat(18)}`, 'a1a1'],
    ['an AWS key id', `AKIA${'A1'.repeat(8)}`, 'A1A1'],
  ])('%s', (_, text, secret) => {
    const seen = redactText(text);
    expect(seen).not.toContain(secret);
    expect(seen).toContain(redacted);
  });

  it.each([
    'https://signalbox.example/rollouts/shop-1?view=steps#12:00',
    'The step took 12:30@14 minutes: see http://localhost:8080/a:b@c',
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'shop-1 moved from 10.5.123456 to v1.4.2-rc.1+build.77',
  ])('not plain text: %s', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('fields by their names, at any depth and in any spelling', () => {
    const fields = {
      botToken: 'a',
      request: { headers: { Authorization: 'b', 'set-cookie': ['c'], accept: 'json' } },
      client_secret: { value: 'd' },
      PASSWORD: 'e',
      list: [{ apiKey: 'f', note: 'kept' }],
      map: new Map([['privateKey', 'g']]),
      tokens: 7,
      hasSecret: true,
    };
    expect(redact(fields)).toEqual({
      botToken: redacted,
      request: { headers: { Authorization: redacted, 'set-cookie': redacted, accept: 'json' } },
      client_secret: redacted,
      PASSWORD: redacted,
      list: [{ apiKey: redacted, note: 'kept' }],
      map: { privateKey: redacted },
      tokens: 7,
      hasSecret: true,
    });
  });

  it('what errors carry, their causes included', () => {
    const cause = Object.assign(new Error(`refused ${slackBot}`), { token: 'a', code: 'E1' });
    const seen = redact(new Error('outer', { cause }));
    expect(seen).toMatchObject({
      name: 'Error',
      message: 'outer',
      cause: { message: `refused ${redacted}`, token: redacted, code: 'E1' },
    });
    expect(JSON.stringify(seen)).not.toContain(slackBot);
  });

  it('nothing else of what JSON can hold, and makes the rest fit for it', () => {
    const value = { a: [1, null, true], b: 10n, c: new Date(0), d: new Uint8Array(3), e: () => 1 };
    expect(redact(value)).toEqual({
      a: [1, null, true],
      b: '10',
      c: '1970-01-01T00:00:00.000Z',
      d: '[3 bytes]',
      e: '[function]',
    });
  });

  it('without end or size without bound', () => {
    const circle: Record<string, unknown> = { name: 'circle' };
    circle['others'] = Array.from({ length: 500 }, () => circle);
    expect(JSON.stringify(redact(circle)).length).toBeLessThan(100_000);
    expect(redactText('x'.repeat(1_000_000)).length).toBeLessThan(10_000);
  });
});
