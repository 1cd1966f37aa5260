import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

const compress = promisify(gzip);
/** Below this, one packet carries it anyway. */
const worthwhile = 1400;

/** Compresses JSON for whoever accepts it, off the main thread: over a slow link it is most of the waiting. */
export function compressJson(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' || payload.length < worthwhile) return payload;
    if (!/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) return payload;
    const type = String(reply.getHeader('content-type') ?? '');
    if (!/^(?:application\/json|text\/html)/.test(type)) return payload;
    reply.header('content-encoding', 'gzip').header('vary', 'accept-encoding');
    reply.removeHeader('content-length');
    return compress(payload);
  });
}
