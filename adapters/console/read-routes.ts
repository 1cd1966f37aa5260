import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { namePattern } from '#core/ids.ts';
import type { EventProof } from '#ports/reader.ts';
import type { Context } from './context.ts';
import { parse } from './parse.ts';
import { Refused } from './refused.ts';
import type { Attention, Board, Postmortem, Release, Releases } from './wire.ts';

const RolloutId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,80}$/);
const Name = z.string().regex(namePattern);
const ReleasesQuery = z.strictObject({
  service: Name.optional(),
  environment: Name.optional(),
  ended: z.enum(['true', 'false']).optional(),
  before: RolloutId.optional(),
  text: z.string().trim().max(100).optional(),
});

/** Making a proof reads the whole history. */
const proofs = { config: { rateLimit: { max: 12, timeWindow: 60_000 } } };

/** Board, releases and search: what may be seen, without acting. */
export function readRoutes(app: FastifyInstance, context: Context): void {
  const { viewers, reader } = context;

  async function allowed(request: FastifyRequest): Promise<void> {
    const viewer = viewers.reader(request);
    const no = await reader.mayView(viewer.account, viewer.name);
    if (no !== null) throw new Refused(403, no.code, no.message, no.next);
  }

  app.get('/api/board', async (request): Promise<Board> => {
    await allowed(request);
    return reader.board();
  });

  app.get('/api/attention', async (request): Promise<Attention> => {
    await allowed(request);
    return reader.attention();
  });

  app.get('/api/rollouts', async (request): Promise<Releases> => {
    await allowed(request);
    const query = parse(ReleasesQuery, request.query);
    return reader.rollouts({
      ...(query.service === undefined ? {} : { service: query.service }),
      ...(query.environment === undefined ? {} : { environment: query.environment }),
      ...(query.ended === undefined ? {} : { ended: query.ended === 'true' }),
      ...(query.before === undefined ? {} : { beforeId: query.before }),
      ...(query.text === undefined || query.text === '' ? {} : { text: query.text }),
      limit: 40,
    });
  });

  app.get('/api/audit/export', async (request, reply) => {
    await allowed(request);
    return reply
      .type('application/jsonl')
      .send(Readable.from(withLineEnds(reader.exportHistory())));
  });

  app.get('/api/audit/proof/:seq', proofs, async (request): Promise<EventProof> => {
    await allowed(request);
    const { seq } = parse(z.object({ seq: z.coerce.number().int().positive() }), request.params);
    const found = await reader.prove(seq);
    if (found !== null) return found;
    throw new Refused(
      404,
      'rollout.unknown',
      `No signed checkpoint covers event ${seq} yet.`,
      'Checkpoints are signed as the history grows: ask once more in a minute.',
    );
  });

  async function postmortemOf(request: FastifyRequest): Promise<Postmortem> {
    await allowed(request);
    const { id } = parse(z.object({ id: RolloutId }), request.params);
    const found = await reader.postmortem(id);
    if (found !== null) return found;
    throw new Refused(404, 'rollout.unknown', `There is no release ${id}.`, 'Check the link.');
  }

  app.get('/api/rollouts/:id/postmortem', postmortemOf);

  app.get('/api/rollouts/:id/postmortem.md', async (request, reply) => {
    const { markdown } = await postmortemOf(request);
    const { id } = parse(z.object({ id: RolloutId }), request.params);
    return reply
      .type('text/markdown; charset=utf-8')
      .header('content-disposition', `attachment; filename="postmortem-${id}.md"`)
      .send(markdown);
  });

  app.get('/api/rollouts/:id', async (request): Promise<Release> => {
    await allowed(request);
    const { id } = parse(z.object({ id: RolloutId }), request.params);
    const found = await reader.rollout(id);
    if (found !== null) return found;
    throw new Refused(404, 'rollout.unknown', `There is no release ${id}.`, 'Check the link.');
  });
}

async function* withLineEnds(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}
