import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Crypto } from '#ports/crypto.ts';
import type { Random } from '#ports/random.ts';

/** An API token as it is kept: whose it is, and its hash. */
export interface ApiToken {
  /** Console user id that the bearer acts as. */
  readonly user: string;
  /** Lower-case hex SHA-256 of the token. */
  readonly sha256: string;
}

/** How every token begins, so that secret scanners know one. */
export const tokenPrefix = 'sbx_';

/** The user that a bearer token stands for; null when it is unknown. Compares all, in constant time. */
export function bearerOf(
  header: string | undefined,
  tokens: readonly ApiToken[],
  crypto: Crypto,
): string | null {
  const token = /^Bearer (sbx_[A-Za-z0-9_-]{20,100})$/.exec(header ?? '')?.[1];
  if (token === undefined) return null;
  const hash = crypto.sha256(token);
  let user: string | null = null;
  for (const known of tokens) if (crypto.equal(known.sha256, hash)) user = known.user;
  return user;
}

/** Reads lines of `user:sha256`; empty lines and those that begin with `#` are left out. */
export function parseTokens(text: string): readonly ApiToken[] {
  const tokens: ApiToken[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const match = /^([^\s:]{1,64}):([0-9a-f]{64})$/.exec(line.trim());
    const [, user, sha256] = match ?? [];
    if (user === undefined || sha256 === undefined) {
      throw new Error(`Line ${index + 1} of the API tokens is not of the form user:sha256`);
    }
    tokens.push({ user, sha256 });
  }
  return tokens;
}

/** Makes a token: the text to hand over once, and the line to keep. */
export function makeToken(
  user: string,
  random: Random,
  crypto: Crypto,
): { readonly token: string; readonly line: string } {
  const token = `${tokenPrefix}${random.token(192)}`;
  return { token, line: `${user}:${crypto.sha256(token)}` };
}

/**
 * Demo mode: gives each persona a token that lives as long as the process, and writes url and tokens
 * to a file that only this user may read, where the CLI finds them.
 */
export async function writePersonaTokens(
  directory: string,
  url: string,
  users: readonly string[],
  random: Random,
  crypto: Crypto,
): Promise<readonly ApiToken[]> {
  const plain: Record<string, string> = {};
  const kept: ApiToken[] = [];
  for (const user of users) {
    const token = `${tokenPrefix}${random.token(192)}`;
    plain[user] = token;
    kept.push({ user, sha256: crypto.sha256(token) });
  }
  await mkdir(directory, { recursive: true });
  const file = join(directory, 'console.json');
  await writeFile(file, `${JSON.stringify({ url, tokens: plain }, null, 2)}\n`, { mode: 0o600 });
  return kept;
}
