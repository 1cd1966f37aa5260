import type { Refusal } from '#core/refusal.ts';
import { trusted } from './trust-boundary.ts';

/** The server said no. */
export class RefusedByServer extends Error {
  readonly status: number;
  readonly refusal: Refusal;

  constructor(status: number, refusal: Refusal) {
    super(refusal.message);
    this.name = 'RefusedByServer';
    this.status = status;
    this.refusal = refusal;
  }
}

let csrf = '';

/** Sets the token that every change carries. */
export function useCsrf(token: string): void {
  csrf = token;
}

/** Reads. @throws RefusedByServer, or TypeError when the server cannot be reached */
export async function get<T>(
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<T> {
  const search = new URLSearchParams(query).toString();
  return answered<T>(await fetch(search === '' ? path : `${path}?${search}`));
}

/** Changes something. @throws RefusedByServer, or TypeError when the server cannot be reached */
export async function post<T>(path: string, body: unknown): Promise<T> {
  return answered<T>(
    await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-signalbox-csrf': csrf },
      body: JSON.stringify(body),
    }),
  );
}

async function answered<T>(response: Response): Promise<T> {
  if (response.status === 204) return trusted<T>(null);
  const body: unknown = await response.json();
  if (response.ok) return trusted<T>(body);
  const { refusal } = trusted<{ readonly refusal: Refusal }>(body);
  throw new RefusedByServer(response.status, refusal);
}

/** What to say about something that went wrong, in the same form as a refusal. */
export function asRefusal(problem: unknown): Refusal {
  if (problem instanceof RefusedByServer) return problem.refusal;
  return {
    code: 'system.unavailable',
    message: 'Signalbox cannot be reached from this page.',
    next: 'It may not have been done: look at the state before you repeat it.',
  };
}
