import { z } from 'zod';
import { Fault } from '#core/fault.ts';
import type { ReleaseMark, ReleaseMarker } from '#ports/release-marker.ts';
import type { GrafanaMarks } from './options.ts';

const timeoutMs = 10_000;
const limitBytes = 1024 * 1024;

const Annotation = z.object({
  id: z.number(),
  time: z.number(),
  timeEnd: z.number().default(0),
  text: z.string().default(''),
  tags: z.array(z.string()).nullish(),
});
const Annotations = z.array(Annotation);

/** Releases as annotations of Grafana, which its dashboards show by their tags. */
export function createGrafanaMarker(setup: {
  readonly options: GrafanaMarks;
  readonly token: string | null;
}): ReleaseMarker {
  const { options, token } = setup;
  const root = `${options.url.replace(/\/+$/, '')}/api/annotations`;

  async function ask(method: string, url: string, body?: unknown): Promise<unknown> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (token !== null) headers['authorization'] = `Bearer ${token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const request: RequestInit = {
      method,
      headers,
      // It would carry the token away.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    try {
      return await read(await fetch(url, request));
    } catch (cause) {
      if (cause instanceof Fault) throw cause;
      throw new Fault('marks.unavailable', 'Grafana cannot be reached', { retryable: true, cause });
    }
  }

  return {
    async mark(mark) {
      const query = new URLSearchParams({ type: 'annotation', limit: '1', tags: keyOf(mark) });
      const found = Annotations.parse(await ask('GET', `${root}?${query}`));
      const wanted = {
        time: Math.round(mark.from),
        timeEnd: Math.round(mark.to ?? mark.from),
        tags: [...mark.tags, ...options.tags, keyOf(mark)],
        text: escaped(mark.text),
      };
      const [before] = found;
      if (before === undefined) {
        const { dashboard } = options;
        const where = dashboard === undefined ? {} : { dashboardUID: dashboard };
        await ask('POST', root, { ...wanted, ...where });
      } else if (!isSame(before, wanted)) {
        await ask('PATCH', `${root}/${before.id}`, wanted);
      }
    },
  };
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text();
  if (response.ok && text.length <= limitBytes) return parsed(text);
  const retryable = response.status >= 500 || response.status === 429;
  const code = retryable ? 'marks.unavailable' : 'marks.rejected';
  throw new Fault(code, `Grafana answers ${response.status}`, { retryable });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Fault('marks.rejected', 'Grafana gave an answer that cannot be read', {
      retryable: false,
      cause,
    });
  }
}

function isSame(
  before: z.infer<typeof Annotation>,
  wanted: { readonly timeEnd: number; readonly text: string; readonly tags: readonly string[] },
): boolean {
  const tags = new Set(before.tags ?? []);
  const sameTags = tags.size === wanted.tags.length && wanted.tags.every((tag) => tags.has(tag));
  return sameTags && before.text === wanted.text && before.timeEnd === wanted.timeEnd;
}

function keyOf({ rollout }: ReleaseMark): string {
  return `rollout:${rollout}`;
}

/** Grafana shows texts as HTML. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
