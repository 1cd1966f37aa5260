import { createWanderer, type Wanderer } from './wanderer.ts';

/** A persona of a demo console, speaking to its API as the page does. */
export interface Person {
  readonly wanderer: Wanderer;
  readonly headers: Readonly<Record<string, string>>;
  get(path: string): Promise<Response>;
  post(path: string, body: unknown): Promise<Response>;
}

export async function become(url: string, user: string): Promise<Person> {
  const wanderer = createWanderer();
  const csrf = async (): Promise<string> => {
    const session: unknown = await (await wanderer.get(`${url}/api/session`)).json();
    if (typeof session === 'object' && session !== null && 'csrf' in session) {
      return String(session.csrf);
    }
    throw new Error('There is no session');
  };
  const first = { origin: url, 'x-signalbox-csrf': await csrf() };
  await wanderer.post(`${url}/api/session/persona`, { user }, first);
  const headers = { origin: url, 'x-signalbox-csrf': await csrf() };
  return {
    wanderer,
    headers,
    get: (path) => wanderer.get(`${url}${path}`),
    post: (path, body) => wanderer.post(`${url}${path}`, body, headers),
  };
}

/** The events of a stream until `enough` says so. */
export async function listen(
  person: Person,
  url: string,
  enough: (events: readonly StreamEvent[]) => boolean,
  lastEventId?: string,
  query = '',
): Promise<readonly StreamEvent[]> {
  const stop = new AbortController();
  const response = await fetch(`${url}/api/stream${query}`, {
    headers: {
      cookie: `signalbox=${person.wanderer.cookie('signalbox') ?? ''}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    signal: stop.signal,
  });
  const events: StreamEvent[] = [];
  let rest = '';
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const frames = `${rest}${part}`.split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) {
      events.push({
        id: /^id: (.*)$/m.exec(frame)?.[1] ?? '',
        event: /^event: (.*)$/m.exec(frame)?.[1] ?? '',
        data: /^data: (.*)$/m.exec(frame)?.[1] ?? '',
      });
    }
    if (enough(events)) break;
  }
  stop.abort();
  return events;
}

export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}
