import { makeToken } from '#adapters/console/index.ts';
import { createCrypto } from '#adapters/system/crypto.ts';
import { createRandom } from '#adapters/system/random.ts';

/** `signalbox token USER`: the token is shown once, and only its hash is kept by the server. */
export async function makeApiToken(words: readonly string[]): Promise<number> {
  const [user] = words;
  if (user === undefined || !/^[^\s:]{1,64}$/.test(user)) {
    process.stderr.write('Name the console user that the token stands for: signalbox token ada\n');
    return 1;
  }
  // Only hashing is used: no secret takes part.
  const crypto = createCrypto({ secret: 'hashing needs no secret' });
  const { token, line } = makeToken(user, createRandom(), crypto);
  process.stdout.write(
    `For the client, shown only now:\n\n  SIGNALBOX_TOKEN=${token}\n\nFor the server, a line of the file that SIGNALBOX_API_TOKENS_FILE names:\n\n  ${line}\n`,
  );
  return 0;
}
