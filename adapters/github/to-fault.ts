import { z } from 'zod';
import { Fault } from '#core/fault.ts';

/** What Octokit throws when GitHub answered with an error. */
const Answered = z.object({
  status: z.number(),
  response: z.object({ headers: z.record(z.string(), z.unknown()) }).optional(),
});

/** What went wrong between GitHub and us, as the port names it. */
export function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const answered = Answered.safeParse(error);
  // Octokit reports a connection that failed as status 500 without a response.
  if (!answered.success || answered.data.response === undefined) {
    return unavailable('GitHub does not answer.', error);
  }
  const { status, response } = answered.data;
  const limited = status === 429 || response.headers['x-ratelimit-remaining'] === '0';
  if (limited) return unavailable('GitHub asks to slow down.', error);
  if (status === 401 || status === 403) {
    return unreadable('GitHub refuses the token, or the token may not read the repository.');
  }
  if (status === 404 || status === 422) {
    return unreadable('GitHub knows no such repository, commit or tag, or not for this token.');
  }
  return unavailable(`GitHub answered ${status}.`, error);
}

function unavailable(message: string, cause: unknown): Fault {
  return new Fault('changes.unavailable', message, { retryable: true, cause });
}

function unreadable(message: string): Fault {
  return new Fault('changes.unreadable', message, { retryable: false });
}
