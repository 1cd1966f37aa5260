import { Worker } from 'node:worker_threads';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Assets } from './asset-build.ts';

const Bytes = z.instanceof(Uint8Array);
const Built: z.ZodType<Assets> = z.object({
  hash: z.string(),
  files: z.map(
    z.string(),
    z.object({ type: z.string(), raw: Bytes, brotli: Bytes.nullable(), gzip: Bytes.nullable() }),
  ),
  modules: z.array(z.string()),
});

let loading: Promise<Assets> | null = null;

/**
 * The page's files: they do not change while a process lives, so that it builds them once, and not
 * before somebody wants to look: most processes are never looked at. After a failure the next who
 * looks has it tried again.
 */
export function loadAssets(): Promise<Assets> {
  loading ??= build().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

/**
 * Builds the page's files in a worker: stripping and compressing would hold up all others, and what
 * Node says about its own experiments stays in there.
 */
function build(): Promise<Assets> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./asset-worker.ts', import.meta.url), { stderr: true });
    worker.once('message', (message: unknown) => {
      resolve(Built.parse(message));
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      if (code !== 0) reject(new Error(`The page's files could not be built (exit ${code})`));
    });
  });
}

/** Serves exactly the files that were built, for ever cacheable under their hash. */
export function assetRoutes(app: FastifyInstance): void {
  app.get('/assets/:hash/*', async (request, reply) => {
    const { hash, '*': path } = z
      .object({ hash: z.string(), '*': z.string() })
      .parse(request.params);
    const assets = await loadAssets();
    const file = hash === assets.hash ? assets.files.get(path) : undefined;
    if (file === undefined) return reply.code(404).type('text/plain').send('Not found');
    const accepted = String(request.headers['accept-encoding'] ?? '');
    reply
      .type(file.type)
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('vary', 'accept-encoding');
    if (file.brotli !== null && /\bbr\b/.test(accepted)) {
      return reply.header('content-encoding', 'br').send(file.brotli);
    }
    if (file.gzip !== null && /\bgzip\b/.test(accepted)) {
      return reply.header('content-encoding', 'gzip').send(file.gzip);
    }
    return reply.send(file.raw);
  });
}
