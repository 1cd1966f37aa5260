import type { FastifyRequest } from 'fastify';
import type { Account } from '#core/people.ts';
import type { Clock } from '#ports/clock.ts';
import type { Crypto } from '#ports/crypto.ts';
import { Refused } from './refused.ts';
import { consoleTenant, type Roster } from './roster.ts';
import type { Session, Sessions } from './sessions.ts';
import { type ApiToken, bearerOf } from './tokens.ts';

/** Who asks, established from a cookie or a bearer token. */
export interface Viewer {
  readonly user: string;
  readonly name: string;
  readonly account: Account;
  /** Null for bearers of a token. */
  readonly session: Session | null;
}

/** Establishes who asks. */
export interface Viewers {
  /** Null when nobody is signed in. */
  known(request: FastifyRequest): Viewer | null;
  /** For reading. @throws Refused `access.unauthenticated` */
  reader(request: FastifyRequest): Viewer;
  /** For changing: with a cookie, the request must come from our own page. @throws Refused */
  changer(request: FastifyRequest): Viewer;
}

export const cookieName = 'signalbox';

interface ViewersParts {
  readonly roster: () => Roster;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly tokens: () => readonly ApiToken[];
  /** Origins under which the page is served. */
  readonly origins: () => readonly string[];
}

/** Cookies count only with the page's own origin and token; bearers carry no cookie authority. */
export function createViewers(parts: ViewersParts): Viewers {
  function viewer(user: string, name: string, session: Session | null): Viewer {
    return { user, name, account: { platform: 'console', tenant: consoleTenant, user }, session };
  }

  function known(request: FastifyRequest): Viewer | null {
    const header = request.headers.authorization;
    if (header !== undefined) {
      const user = bearerOf(header, parts.tokens(), parts.crypto);
      if (user === null) return null;
      const person = parts.roster().people.find((one) => one.user === user);
      return viewer(user, person?.name ?? user, null);
    }
    const session = parts.sessions.read(request.cookies[cookieName], parts.clock.now());
    return session === null ? null : viewer(session.user, session.name, session);
  }

  function reader(request: FastifyRequest): Viewer {
    const found = known(request);
    if (found !== null) return found;
    throw new Refused(401, 'access.unauthenticated', 'Nobody is signed in.', 'Sign in first.');
  }

  return {
    known,
    reader,
    changer(request) {
      const found = reader(request);
      if (found.session === null) return found;
      const origin = request.headers.origin;
      const token = request.headers['x-signalbox-csrf'];
      const ours = origin !== undefined && parts.origins().includes(origin);
      const held = typeof token === 'string' && parts.sessions.csrfHolds(found.session, token);
      if (ours && held) return found;
      throw new Refused(
        403,
        'request.bad_signature',
        'The request did not come from the console page of this session.',
        'Load the page again and repeat it there.',
      );
    },
  };
}
