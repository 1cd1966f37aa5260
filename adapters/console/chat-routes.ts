import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Context } from './context.ts';
import { parse } from './parse.ts';
import { Refused } from './refused.ts';
import { roomsOf } from './rooms.ts';
import { readSaid } from './said.ts';
import { type MessagePage, type MessagePlace, wire } from './wire.ts';

const pageSize = 40;
const Id = z.coerce.number().int().positive();
const PageQuery = z.strictObject({
  channel: z.string().max(80),
  thread: Id.optional(),
  before: Id.optional(),
});
const Talk = z.strictObject({
  id: z.string().regex(/^[\w-]{8,64}$/),
  channel: z.string().max(80),
  thread: Id.nullable(),
  text: z.string().trim().min(1).max(4000),
});
const Read = z.strictObject({ channel: z.string().max(80), id: Id });

/** Reading and writing the console's own chat. */
export function chatRoutes(app: FastifyInstance, context: Context): void {
  const { store, viewers, roster, hub } = context;

  app.get('/api/messages', async (request): Promise<MessagePage> => {
    const viewer = viewers.reader(request);
    const query = parse(PageQuery, request.query);
    return store.transact(async (tx) => {
      (await roomsOf(tx, roster(), viewer.user)).enter(query.channel);
      const found = await tx.consoleMessages({
        channel: query.channel,
        thread: query.thread ?? null,
        ...(query.before === undefined ? {} : { beforeId: query.before }),
        visibleTo: viewer.user,
        limit: pageSize + 1,
      });
      const shown = found.slice(0, pageSize).toReversed();
      return {
        messages: shown.map(wire),
        threads:
          query.thread === undefined ? await tx.consoleThreads(shown.map(({ id }) => id)) : [],
        more: found.length > pageSize,
      };
    });
  });

  app.get('/api/messages/:id', async (request): Promise<MessagePlace> => {
    const viewer = viewers.reader(request);
    const { id } = parse(z.object({ id: Id }), request.params);
    return store.transact(async (tx) => {
      const rooms = await roomsOf(tx, roster(), viewer.user);
      const message = await tx.consoleMessage(id);
      if (message === null || !rooms.sees(message)) {
        throw new Refused(
          404,
          'command.not_here',
          'There is no such message, or it is not for you.',
          'Check the link.',
        );
      }
      const parent = message.thread === null ? null : await tx.consoleMessage(message.thread);
      return { message: wire(message), parent: parent === null ? null : wire(parent) };
    });
  });

  app.post('/api/messages', async (request) => {
    const viewer = viewers.changer(request);
    const body = parse(Talk, request.body);
    const said = readSaid(body.text, roster());
    if (said.kind === 'command') {
      throw new Refused(400, 'command.syntax', 'This is a command.', 'Send it as one.');
    }
    const posted = await store.transact(async (tx) => {
      (await roomsOf(tx, roster(), viewer.user)).enter(body.channel);
      return tx.postConsole({
        channel: body.channel,
        thread: body.thread,
        key: `talk:${viewer.user}:${body.id}`,
        author: viewer.user,
        authorName: viewer.name,
        onlyFor: null,
        view: said.view,
      });
    });
    hub.poke();
    return wire(posted);
  });

  app.post('/api/reads', async (request, reply) => {
    const viewer = viewers.changer(request);
    const { channel, id } = parse(Read, request.body);
    await store.transact(async (tx) => {
      (await roomsOf(tx, roster(), viewer.user)).enter(channel);
      await tx.markConsoleRead(viewer.user, channel, id);
    });
    return reply.code(204).send();
  });
}
