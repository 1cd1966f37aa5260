import { generateKeyPairSync, sign } from 'node:crypto';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
export const publicKeyHex = publicKey
  .export({ format: 'der', type: 'spki' })
  .subarray(-32)
  .toString('hex');

/** A request as Discord signs it. */
export async function signed(
  url: string,
  body: unknown,
  change: {
    readonly timestamp?: string;
    readonly signature?: string;
    /** What is sent instead of what was signed. */
    readonly sent?: string;
  } = {},
): Promise<Response> {
  const text = JSON.stringify(body);
  const timestamp = change.timestamp ?? String(Math.floor(Date.now() / 1000));
  const signature =
    change.signature ?? sign(null, Buffer.from(timestamp + text), privateKey).toString('hex');
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-signature-ed25519': signature,
      'x-signature-timestamp': timestamp,
    },
    body: change.sent ?? text,
  });
}
