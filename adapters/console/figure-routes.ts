import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { figuresCsv, releasesCsv } from '#core/figures/export.ts';
import type { FigureQuestion } from '#core/figures/figures.ts';
import { type FiguresReport, figuresReport } from '#core/figures/report.ts';
import { namePattern } from '#core/ids.ts';
import type { Context } from './context.ts';
import { parse } from './parse.ts';
import { Refused } from './refused.ts';
import type { Places } from './wire.ts';

const Name = z.string().regex(namePattern);
const Query = z.strictObject({
  days: z.coerce.number().int().min(1).max(3660).default(30),
  service: Name.optional(),
  environment: Name.optional(),
});

/** The figures as JSON and as CSV, for those who may see them. */
export function figureRoutes(app: FastifyInstance, { viewers, reader, roster }: Context): void {
  async function allowed(request: FastifyRequest): Promise<void> {
    const viewer = viewers.reader(request);
    const no = await reader.mayView(viewer.account, viewer.name);
    if (no !== null) throw new Refused(403, no.code, no.message, no.next);
  }

  async function asked(request: FastifyRequest): Promise<FigureQuestion> {
    await allowed(request);
    const { days, service, environment } = parse(Query, request.query);
    return reader.figures({
      days,
      ...(service === undefined ? {} : { service }),
      ...(environment === undefined ? {} : { environment }),
    });
  }

  app.get('/api/places', async (request): Promise<Places> => {
    await allowed(request);
    const { services, environments } = roster();
    return { services, environments };
  });

  app.get(
    '/api/figures',
    async (request): Promise<FiguresReport> => figuresReport(await asked(request)),
  );

  for (const [path, csv] of [
    ['/api/figures.csv', figuresCsv],
    ['/api/figures/releases.csv', releasesCsv],
  ] as const) {
    app.get(path, async (request, reply) => {
      const text = csv(await asked(request));
      return reply
        .type('text/csv; charset=utf-8; header=present')
        .header('content-disposition', `attachment; filename="${path.split('/').at(-1) ?? ''}"`)
        .send(text);
    });
  }
}
