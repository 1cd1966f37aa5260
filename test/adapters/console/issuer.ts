import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** An OpenID Connect issuer on loopback that believes whoever types a name. */
export interface Issuer {
  readonly url: string;
  /** Groups by login, as the ID token will say. */
  readonly groups: Map<string, readonly string[]>;
  close(): Promise<void>;
}

export async function startIssuer(redirect: string, secret: string): Promise<Issuer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = addressOf(server.address());
  const url = `http://127.0.0.1:${port}`;
  const groups = new Map<string, readonly string[]>();
  const provider = new Provider(url, {
    clients: [
      {
        client_id: 'signalbox',
        client_secret: secret,
        redirect_uris: [redirect],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'groups'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['an issuer of a test'] },
    findAccount: (_context: unknown, login: string) => ({
      accountId: login,
      claims: () => ({ sub: login, name: `Name of ${login}`, groups: groups.get(login) ?? [] }),
    }),
  });
  server.on('request', provider.callback());
  return {
    url,
    groups,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('No port was bound');
  return address;
}
