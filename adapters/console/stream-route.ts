import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ConsoleStore } from '#ports/console-store.ts';
import type { Context } from './context.ts';
import { parse } from './parse.ts';
import { type Rooms, roomsOf } from './rooms.ts';
import { isSignedOut } from './sign-out.ts';
import type { Viewer } from './viewer.ts';
import { wire } from './wire.ts';

const Place = z.coerce.number().int().nonnegative().optional();
const Query = z.strictObject({ after: Place, ledger: Place });
const heartbeatMs = 15_000;

/**
 * Server-sent events. Each message event carries the change number as its id, so that a reader that
 * comes back is sent what it missed; `ledger` is the newest event that a new reader has seen. A
 * slow reader is sent only the newest version of each message.
 */
export function streamRoute(app: FastifyInstance, context: Context): void {
  const open = new Set<ServerResponse>();

  app.get('/api/stream', async (request, reply) => {
    const viewer = context.viewers.reader(request);
    const query = parse(Query, request.query);
    const resume = Number(request.headers['last-event-id'] ?? query.after ?? Number.NaN);
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-accel-buffering': 'no',
    });
    open.add(response);
    response.on('close', () => open.delete(response));
    follow(context, viewer, response, {
      change: Number.isSafeInteger(resume) ? resume : null,
      ledger: query.ledger ?? null,
    });
  });

  app.addHook('preClose', async () => {
    for (const response of open) response.end();
  });
}

function follow(
  context: Context,
  viewer: Viewer,
  response: ServerResponse,
  resume: { readonly change: number | null; readonly ledger: number | null },
): void {
  const { hub, store, roster, log } = context;
  let { change, ledger } = resume;
  let greeted = false;
  let busy = false;
  let again = false;
  let blocked = false;

  function send(event: string, data: unknown, id: number | null): void {
    const lines = `${id === null ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    if (!response.write(lines)) blocked = true;
  }

  function greet(head: number): void {
    greeted = true;
    const foreign = change !== null && change > head;
    change = foreign ? head : (change ?? head);
    if (foreign) ledger = null;
    send('hello', { now: context.clock.now() }, change);
    if (foreign) send('reset', {}, change);
  }

  async function catchUp(): Promise<void> {
    const position = hub.position();
    if (!greeted) greet(position.head);
    ledger ??= position.ledger;
    const rooms = await store.transact(async (tx) =>
      (await left(tx)) ? null : roomsOf(tx, roster(), viewer.user),
    );
    if (rooms === null) {
      response.end();
      return;
    }
    await sendMessages(rooms);
    if (position.ledger > ledger) {
      const streams = hub.movedSince(ledger) ?? ['*'];
      ledger = position.ledger;
      send('ledger', { streams }, null);
    }
  }

  async function sendMessages(rooms: Rooms): Promise<void> {
    const from = change ?? 0;
    const behind = await hub.since(from);
    if (behind.messages === null) {
      change = behind.head;
      send('reset', {}, change);
      return;
    }
    for (const message of behind.messages) {
      if (rooms.sees(message)) send('message', wire(message), message.change);
      change = Math.max(change ?? 0, message.change);
    }
  }

  function pump(): void {
    if (busy || blocked || response.writableEnded) {
      again = true;
      return;
    }
    busy = true;
    again = false;
    catchUp()
      .catch((fault) => {
        log.warn('A stream could not go on', { fault });
        response.end();
      })
      .finally(() => {
        busy = false;
        if (again) pump();
      });
  }

  /** The session is over: by time, or because somebody signed out of it. */
  async function left(tx: Pick<ConsoleStore, 'consoleSignedOut'>): Promise<boolean> {
    const { session } = viewer;
    if (session === null) return false;
    return session.expiresAt <= context.clock.now() || isSignedOut(tx, context.sessions, session);
  }

  function beat(): void {
    store.transact(left).then(
      (over) => {
        if (over) response.end();
        else if (!blocked) send('beat', { now: context.clock.now() }, null);
      },
      () => undefined,
    );
  }

  const stop = hub.listen(pump);
  const heartbeat = setInterval(beat, heartbeatMs);
  response.on('drain', () => {
    blocked = false;
    pump();
  });
  response.on('close', () => {
    stop();
    clearInterval(heartbeat);
  });
  hub.ready().then(pump, () => response.end());
}
