import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Context } from './context.ts';
import { createOidc, type Oidc, SignInFlow } from './oidc.ts';
import { parse } from './parse.ts';
import { Refused } from './refused.ts';
import { setSession } from './session-routes.ts';

const flowCookie = 'signalbox-sign-in';
const flowMs = 600_000;
/** Within the console: never to another host. */
const InsidePath = z.string().regex(/^\/(?![/\\])[^\\\s]{0,400}$/);
const limits = { config: { rateLimit: { max: 30, timeWindow: 60_000 } } };

/** The way to the issuer and back. */
export function signInRoutes(app: FastifyInstance, context: Context): void {
  let made: { readonly from: string; readonly oidc: Oidc } | null = null;

  function issuer(): Oidc {
    const { oidc } = context.roster().options;
    if (oidc === undefined || context.demo) {
      throw new Refused(
        404,
        'access.unauthenticated',
        'No way to sign in is configured.',
        'Set platforms.console.options.oidc in the settings.',
      );
    }
    const from = JSON.stringify(oidc);
    if (made?.from !== from) made = { from, oidc: createOidc(oidc, context.oidcSecret) };
    return made.oidc;
  }

  app.get('/auth/sign-in', limits, async (request, reply) => {
    const { to } = parse(z.object({ to: InsidePath.catch('/') }), request.query);
    const { url, flow } = await issuer().leave(callback(request));
    const sealed = context.sessions.seal({
      ...flow,
      to,
      expiresAt: context.clock.now() + flowMs,
    } satisfies SignInFlow);
    reply.setCookie(flowCookie, sealed, {
      path: '/auth',
      httpOnly: true,
      sameSite: 'lax',
      secure: context.secureCookies,
      maxAge: flowMs / 1000,
    });
    return reply.redirect(url);
  });

  app.get('/auth/callback', limits, async (request, reply) => {
    const flow = SignInFlow.safeParse(context.sessions.open(request.cookies[flowCookie]));
    reply.clearCookie(flowCookie, { path: '/auth' });
    if (!flow.success || flow.data.expiresAt <= context.clock.now()) return reply.redirect(failed);
    const oidc = issuer();
    try {
      const [, search = ''] = request.url.split('?', 2);
      const found = await oidc.comeBack(new URL(`${callback(request)}?${search}`), flow.data);
      await context.store.transact((tx) => tx.storeConsoleAccount({ ...found, asOf: tx.now }));
      setSession(reply, context, { user: found.user, name: found.name, by: 'oidc' });
      return reply.redirect(flow.data.to);
    } catch (error) {
      context.log.warn('A sign-in did not succeed', { error });
      return reply.redirect(failed);
    }
  });

  /** The address that the issuer knows: the public one, else the one that was asked for. */
  function callback(request: FastifyRequest): string {
    const base = context.roster().publicUrl ?? `http://${request.headers.host ?? ''}`;
    return `${base.replace(/\/$/, '')}/auth/callback`;
  }
}

const failed = '/?sign-in=failed';
