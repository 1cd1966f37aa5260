import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Inbound, Reply } from '#ports/gateway.ts';
import type { Context } from './context.ts';
import { parse } from './parse.ts';
import { authorName } from './platform.ts';
import { Refused } from './refused.ts';
import { roomsOf } from './rooms.ts';
import { consoleTenant } from './roster.ts';
import { commandView, readSaid } from './said.ts';
import type { Viewer } from './viewer.ts';

const DeliveryId = z.string().regex(/^[\w-]{8,64}$/);
const Place = {
  /** Repeating a request with the same id does nothing more. */
  id: DeliveryId,
  channel: z.string().max(80).nullable().default(null),
  thread: z.number().int().positive().nullable().default(null),
};
const Command = z.strictObject({ ...Place, text: z.string().max(20_000) });
const Action = z.strictObject({
  id: DeliveryId,
  /** The message that the button stands on; null when it was answered to a command directly. */
  message: z.number().int().positive().nullable(),
  token: z.string().regex(/^[\w.-]{1,64}$/),
  input: z.string().max(2000).nullable(),
});
const Completion = z.strictObject({
  command: z.string().max(64),
  field: z.string().max(64),
  prefix: z.string().max(200),
  given: z.record(z.string().max(64), z.string().max(200)),
});

/** Where commands and presses come in: handed to the gateway, answered in the chat and in the response. */
export function commandRoutes(app: FastifyInstance, context: Context): void {
  const { store, viewers, roster, gateway } = context;

  app.post('/api/commands', limited(60), async (request): Promise<Reply> => {
    const viewer = viewers.changer(request);
    const body = parse(Command, request.body);
    const said = readSaid(body.text.startsWith('/') ? body.text : `/${body.text}`, roster());
    const text = said.kind === 'command' ? said.text : body.text;
    const place = body.channel === null ? null : await enter(viewer, body.channel, body.thread);
    const reply = await gateway.handle(
      inbound(request, viewer, body.id, place, { kind: 'command', text }),
    );
    if (place !== null) await record(viewer, body.id, place, reply, text);
    return reply;
  });

  app.post('/api/actions', limited(60), async (request): Promise<Reply> => {
    const viewer = viewers.changer(request);
    const body = parse(Action, request.body);
    const place = body.message === null ? null : await placeOf(viewer, body.message);
    const reply = await gateway.handle(
      inbound(request, viewer, body.id, place, {
        kind: 'action',
        token: body.token,
        input: body.input,
      }),
    );
    const passing = reply.visibility === 'private' && reply.refusal === null;
    if (place !== null && !passing) await record(viewer, body.id, place, reply, null);
    return reply;
  });

  app.post('/api/complete', async (request) => {
    const viewer = viewers.changer(request);
    const body = parse(Completion, request.body);
    const command = gateway.commands.find((one) => one.name === body.command);
    const field = command?.fields.find((one) => one.name === body.field);
    if (field === undefined) return [];
    return gateway.complete({ account: viewer.account, ...body, kind: field.kind });
  });

  async function enter(viewer: Viewer, channel: string, thread: number | null): Promise<Spot> {
    return store.transact(async (tx) => {
      (await roomsOf(tx, roster(), viewer.user)).enter(channel);
      return { channel, thread };
    });
  }

  async function placeOf(viewer: Viewer, id: number): Promise<Spot> {
    return store.transact(async (tx) => {
      const rooms = await roomsOf(tx, roster(), viewer.user);
      const message = await tx.consoleMessage(id);
      if (message !== null && rooms.sees(message)) {
        return { channel: message.channel, thread: message.thread };
      }
      throw new Refused(
        404,
        'action.unknown',
        'The message of this button is gone or not for you.',
        'Load the page again.',
      );
    });
  }

  function inbound(
    request: FastifyRequest,
    viewer: Viewer,
    id: string,
    place: Spot | null,
    content: Inbound['content'],
  ): Inbound {
    const deliveryId = `${viewer.user}:${id}`;
    return {
      source: request.headers.authorization === undefined ? 'console' : 'cli',
      deliveryId,
      account: viewer.account,
      displayName: viewer.name,
      excluded: [],
      channel:
        place === null
          ? null
          : {
              platform: 'console',
              tenant: consoleTenant,
              channel: place.channel,
              thread: place.thread === null ? null : String(place.thread),
            },
      replyTo: place === null ? null : { ...place, user: viewer.user, deliveryId },
      content,
      receivedAt: context.clock.now(),
    };
  }

  /** Shows what was asked and what was answered, to all or to the asker alone, as the reply says. */
  async function record(
    viewer: Viewer,
    id: string,
    place: Spot,
    reply: Reply,
    text: string | null,
  ): Promise<void> {
    if (reply.refusal?.code === 'command.duplicate') return;
    const onlyFor = reply.visibility === 'private' ? viewer.user : null;
    await store.transact(async (tx) => {
      if (text !== null) {
        await tx.postConsole({
          ...place,
          key: `said:${viewer.user}:${id}`,
          author: viewer.user,
          authorName: viewer.name,
          onlyFor,
          view: commandView(text, roster()),
        });
      }
      await tx.postConsole({
        ...place,
        key: `answer:${viewer.user}:${id}`,
        author: null,
        authorName,
        onlyFor,
        view: reply.view,
      });
    });
    context.hub.poke();
  }
}

interface Spot {
  readonly channel: string;
  readonly thread: number | null;
}

function limited(perMinute: number) {
  return { config: { rateLimit: { max: perMinute, timeWindow: 60_000 } } };
}
