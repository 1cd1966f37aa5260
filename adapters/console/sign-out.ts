import type { FastifyInstance } from 'fastify';
import type { ConsoleStore } from '#ports/console-store.ts';
import type { Context } from './context.ts';
import { longestSessionHours } from './options.ts';
import type { Session, Sessions } from './sessions.ts';
import { cookieName } from './viewer.ts';

/** Ends a session, or all of its user, in every process: a copy of the cookie is worth nothing. */
export async function signOut(
  { store, sessions, clock }: Pick<Context, 'store' | 'sessions' | 'clock'>,
  session: Session,
  everywhere: boolean,
): Promise<void> {
  const at = clock.now();
  await store.transact((tx) =>
    tx.signOutConsole({
      user: session.user,
      session: everywhere ? null : sessions.idOf(session),
      at,
      until: everywhere ? at + longestSessionHours * 3_600_000 : session.expiresAt,
    }),
  );
}

/** Whether somebody signed out of this session. */
export function isSignedOut(
  tx: Pick<ConsoleStore, 'consoleSignedOut'>,
  sessions: Sessions,
  session: Session,
): Promise<boolean> {
  const { user, begunAt } = session;
  return tx.consoleSignedOut({ user, session: sessions.idOf(session), begunAt });
}

/** Whoever comes with the cookie of a session that was ended comes without one. */
export function forgetSignedOut(app: FastifyInstance, context: Context): void {
  const { store, sessions, clock } = context;
  app.addHook('onRequest', async (request) => {
    const session = sessions.read(request.cookies[cookieName], clock.now());
    if (session === null) return;
    const over = await store.transact((tx) => isSignedOut(tx, sessions, session));
    if (over) delete request.cookies[cookieName];
  });
}
