import type { z } from 'zod';
import { Fault } from '#core/fault.ts';

/** The longest answer that is read, in bytes. */
const longest = 8 * 1024 * 1024;

/** Asks GitLab's REST API, version 4. */
export interface GitLabApi {
  /** @throws Fault `changes.unavailable`, `changes.unreadable` */
  get<Shape extends z.ZodType>(path: string, shape: Shape): Promise<z.output<Shape>>;
}

/** One answer may take `patienceMs`. The token is sent to this address alone: redirects end it. */
export function createGitLabApi(base: string, token: string | null, patienceMs: number): GitLabApi {
  async function answer(path: string): Promise<Response> {
    try {
      return await fetch(`${base.replace(/\/$/, '')}/api/v4${path}`, {
        headers: {
          accept: 'application/json',
          'user-agent': 'signalbox',
          ...(token === null ? {} : { 'private-token': token }),
        },
        redirect: 'error',
        signal: AbortSignal.timeout(patienceMs),
      });
    } catch (cause) {
      throw unavailable('GitLab does not answer.', cause);
    }
  }

  return {
    async get(path, shape) {
      const response = await answer(path);
      const { status } = response;
      if (status !== 200) {
        await response.body?.cancel();
        throw refused(status);
      }
      const read = shape.safeParse(await json(response));
      if (read.success) return read.data;
      throw unavailable('GitLab gave an answer that cannot be read.', read.error);
    },
  };
}

async function json(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > longest) throw new Error('The answer is longer than 8 MiB');
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw unavailable('GitLab gave an answer that cannot be read.', cause);
  }
}

function refused(status: number): Fault {
  if (status === 401 || status === 403) {
    return unreadable('GitLab refuses the token, or the token may not read the repository.');
  }
  if (status === 404 || status === 400) {
    return unreadable('GitLab knows no such project, commit or tag, or not for this token.');
  }
  if (status === 429) return unavailable('GitLab asks to slow down.');
  return unavailable(`GitLab answered ${status}.`);
}

function unavailable(message: string, cause?: unknown): Fault {
  return new Fault('changes.unavailable', message, { retryable: true, cause });
}

function unreadable(message: string): Fault {
  return new Fault('changes.unreadable', message, { retryable: false });
}
