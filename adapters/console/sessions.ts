import { z } from 'zod';
import type { Crypto } from '#ports/crypto.ts';
import type { Random } from '#ports/random.ts';

/** Who is signed in, as the cookie says it. Nothing in it gives rights: those are asked at each command. */
export const Session = z.strictObject({
  user: z.string().min(1).max(64),
  name: z.string().max(200),
  by: z.enum(['persona', 'oidc']),
  nonce: z.string(),
  begunAt: z.number().int(),
  /** Epoch milliseconds. */
  expiresAt: z.number().int(),
});
export type Session = z.infer<typeof Session>;

/** Signs and reads session cookies. */
export interface Sessions {
  begin(
    who: Pick<Session, 'user' | 'name' | 'by'>,
    now: number,
    seconds: number,
  ): { readonly session: Session; readonly cookie: string };
  /** Null when it is malformed, forged or over. */
  read(cookie: string | undefined, now: number): Session | null;
  /** What the store knows a session by: of no use to whoever reads it there. */
  idOf(session: Session): string;
  /** The token that every change must carry, bound to the session. */
  csrf(session: Session): string;
  csrfHolds(session: Session, token: string): boolean;
  /** Signs short-lived data of a sign-in under way. */
  seal(value: unknown): string;
  open(sealed: string | undefined): unknown;
}

/** The cookie is signed under the installation's secret; the store knows those that ended early. */
export function createSessions(crypto: Crypto, random: Random): Sessions {
  function mac(purpose: string, text: string): string {
    return crypto.hmac(`signalbox-console-${purpose}-v1\0${text}`);
  }

  function seal(purpose: string, value: unknown): string {
    const payload = Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${payload}.${mac(purpose, payload)}`;
  }

  function open(purpose: string, sealed: string | undefined): unknown {
    const [payload, tag, more] = (sealed ?? '').split('.');
    if (payload === undefined || tag === undefined || more !== undefined) return null;
    if (!crypto.equal(mac(purpose, payload), tag)) return null;
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  }

  return {
    begin(who, now, seconds) {
      const session: Session = {
        ...who,
        nonce: random.token(128),
        begunAt: now,
        expiresAt: now + seconds * 1000,
      };
      return { session, cookie: seal('session', session) };
    },
    read(cookie, now) {
      const session = Session.safeParse(open('session', cookie));
      return session.success && session.data.expiresAt > now ? session.data : null;
    },
    idOf: (session) => crypto.sha256(session.nonce),
    csrf: (session) => mac('csrf', session.nonce),
    csrfHolds: (session, token) => crypto.equal(mac('csrf', session.nonce), token),
    seal: (value) => seal('flow', value),
    open: (sealed) => open('flow', sealed),
  };
}
