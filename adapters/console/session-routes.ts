import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Context } from './context.ts';
import { parse } from './parse.ts';
import { Refused } from './refused.ts';
import { roomsOf } from './rooms.ts';
import type { Session } from './sessions.ts';
import { signOut } from './sign-out.ts';
import { cookieName, type Viewer } from './viewer.ts';
import type { SessionInfo } from './wire.ts';

const End = z.strictObject({ everywhere: z.boolean().default(false) });

/** Who one is, and in demo mode: becoming somebody else. */
export function sessionRoutes(app: FastifyInstance, context: Context): void {
  const { viewers, roster, store, sessions, clock } = context;

  app.get('/api/session', async (request, reply): Promise<SessionInfo> => {
    const found = viewers.known(request) ?? firstPersona(reply);
    if (found === null) viewers.reader(request);
    if (found === null) throw new Error('A request without a viewer was let in');
    const present = roster();
    const { rooms, at } = await store.transact(async (tx) => ({
      at: { change: await tx.consoleHead(), ledger: (await tx.head()).size },
      rooms: await roomsOf(tx, present, found.user),
    }));
    return {
      me: present.people.find((person) => person.user === found.user) ?? {
        user: found.user,
        name: found.name,
        title: '',
      },
      by: found.session?.by ?? 'token',
      csrf: found.session === null ? '' : sessions.csrf(found.session),
      organisation: present.organisation,
      command: present.command,
      personas: context.demo ? present.people : [],
      people: present.people,
      channels: rooms.list,
      commands: context.gateway.commands,
      guide: context.demo ? present.options.guide : [],
      now: clock.now(),
      at,
    };
  });

  app.post('/api/session/persona', async (request, reply) => {
    viewers.changer(request);
    const { user } = parse(z.strictObject({ user: z.string() }), request.body);
    const person = context.demo ? roster().people.find((one) => one.user === user) : undefined;
    if (person === undefined) {
      throw new Refused(403, 'access.unauthenticated', 'There is no such persona.', 'Sign in.');
    }
    begin(reply, { user: person.user, name: person.name, by: 'persona' });
    return reply.code(204).send();
  });

  app.post('/api/session/end', async (request, reply) => {
    const { session } = viewers.changer(request);
    const { everywhere } = parse(End, request.body ?? {});
    if (session !== null) await signOut(context, session, everywhere);
    reply.clearCookie(cookieName, { path: '/' });
    return reply.code(204).send();
  });

  /** A demo opens as the first person of the settings. */
  function firstPersona(reply: FastifyReply): Viewer | null {
    const first = context.demo ? roster().people[0] : undefined;
    if (first === undefined) return null;
    const session = begin(reply, { user: first.user, name: first.name, by: 'persona' });
    return {
      user: first.user,
      name: first.name,
      account: { platform: 'console', tenant: 'console', user: first.user },
      session,
    };
  }

  function begin(reply: FastifyReply, who: Pick<Session, 'user' | 'name' | 'by'>): Session {
    return setSession(reply, context, who);
  }
}

/** Begins a session and sets its cookie. */
export function setSession(
  reply: FastifyReply,
  context: Context,
  who: Pick<Session, 'user' | 'name' | 'by'>,
): Session {
  const seconds = context.roster().options.sessionHours * 3600;
  const { session, cookie } = context.sessions.begin(who, context.clock.now(), seconds);
  reply.setCookie(cookieName, cookie, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: context.secureCookies,
    maxAge: Math.floor(seconds),
  });
  return session;
}
