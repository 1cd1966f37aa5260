import { randomUUID } from 'node:crypto';
import type { FastifyError, FastifyInstance } from 'fastify';
import { Fault } from '#core/fault.ts';
import { refusal } from '#core/refusal.ts';
import type { Log } from '#ports/log.ts';
import { Refused } from './refused.ts';

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every answer: no script runs but what this server serves as one. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

/** Headers of what a page loads: the policy of a page is its document's. */
export const assetHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
};

/** Answers only requests that name one of our own hosts: a foreign name that resolves to us is refused. */
export function guardHost(app: FastifyInstance, hosts: () => readonly string[]): void {
  app.addHook('onRequest', async (request) => {
    if (hosts().includes((request.headers.host ?? '').toLowerCase())) return;
    throw new Refused(
      421,
      'access.wrong_context',
      'The console is not served under this host name.',
      `Open it as ${hosts()[0] ?? 'configured'}.`,
    );
  });
}

/** Every failure as JSON with a refusal; bugs are logged under an id and tell nothing more. */
export function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    if (error instanceof Refused) {
      return reply.code(error.status).send({ refusal: error.refusal });
    }
    if (error instanceof Fault) {
      log.warn('The console could not answer', { fault: error });
      const after = Math.ceil((error.retryAfterMs ?? 2000) / 1000);
      return reply
        .code(503)
        .header('retry-after', String(after))
        .send({
          refusal: refusal(
            'system.unavailable',
            'Something Signalbox depends on is out of reach; nothing was done.',
            'Try again in a moment.',
          ),
        });
    }
    const status = error.statusCode ?? 500;
    if (status === 413) {
      return reply.code(413).send({
        refusal: refusal('request.too_large', 'The request is too large.', 'Send less than 64 kB.'),
      });
    }
    if (status === 429) {
      return reply.code(429).send({
        refusal: refusal(
          'request.too_many',
          'Too many requests in a short time; nothing was done.',
          'Wait a minute.',
        ),
      });
    }
    if (status >= 400 && status < 500) {
      return reply.code(status).send({
        refusal: refusal('command.syntax', 'The request could not be read.', 'Send JSON.'),
      });
    }
    const incident = randomUUID().slice(0, 8);
    log.error('A bug in the console', { incident, error });
    return reply.code(500).send({
      refusal: refusal(
        'system.unavailable',
        `Something went wrong in Signalbox (incident ${incident}).`,
        'Tell whoever runs it the incident number.',
      ),
    });
  });
}
