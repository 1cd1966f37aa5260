import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { z } from 'zod';
import { isLoopback } from './listen.ts';
import type { OidcOptions } from './options.ts';

/** What must be remembered between leaving for the issuer and coming back. */
export const SignInFlow = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** Path to return to within the console. */
  to: z.string(),
  expiresAt: z.number(),
});
export type SignInFlow = z.infer<typeof SignInFlow>;

/** Who the issuer says came back. */
export interface SignedIn {
  readonly user: string;
  readonly name: string;
  readonly groups: readonly string[];
}

/** Sign-in through an OpenID Connect issuer: authorization code with PKCE, state and nonce. */
export interface Oidc {
  leave(redirect: string): Promise<{
    readonly url: string;
    readonly flow: Pick<SignInFlow, 'state' | 'nonce' | 'verifier'>;
  }>;
  /** @throws Error when the answer is not what was asked for, or names nobody usable */
  comeBack(url: URL, flow: SignInFlow): Promise<SignedIn>;
}

/** Discovers the issuer when it is first needed, and again after a failure. */
export function createOidc(options: OidcOptions, secret: string | null): Oidc {
  let known: Promise<Configuration> | null = null;

  function configuration(): Promise<Configuration> {
    known ??= discover(options, secret).catch((error) => {
      known = null;
      throw error;
    });
    return known;
  }

  return {
    async leave(redirect) {
      const flow = {
        state: randomState(),
        nonce: randomNonce(),
        verifier: randomPKCECodeVerifier(),
      };
      const url = buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirect,
        scope: options.scopes.join(' '),
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: await calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, flow };
    },
    async comeBack(url, flow) {
      const tokens = await authorizationCodeGrant(await configuration(), url, {
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        pkceCodeVerifier: flow.verifier,
        idTokenExpected: true,
      });
      return read(tokens.claims() ?? {}, options);
    },
  };
}

function discover(options: OidcOptions, secret: string | null): Promise<Configuration> {
  const issuer = new URL(options.issuer);
  const local = issuer.protocol === 'http:' && isLoopback(issuer.hostname);
  return discovery(
    issuer,
    options.clientId,
    undefined,
    secret === null ? None() : ClientSecretPost(secret),
    local ? { execute: [allowInsecureRequests] } : {},
  );
}

function read(claims: Readonly<Record<string, unknown>>, options: OidcOptions): SignedIn {
  const user = z.string().min(1).max(64).parse(claims[options.userClaim]);
  const name = z.string().min(1).max(200).catch(user).parse(claims[options.nameClaim]);
  const groups = z.array(z.string()).max(1000).catch([]).parse(claims[options.groupsClaim]);
  return { user, name, groups };
}
