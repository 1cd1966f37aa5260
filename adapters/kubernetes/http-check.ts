import type { KubernetesJob } from './options.ts';

/** How a check has ended, or that it goes on. */
export interface CheckState {
  readonly state: 'running' | 'succeeded' | 'failed';
  /** Why not; empty when there is nothing to say. */
  readonly text: string;
}

type HttpJob = Extract<KubernetesJob, { kind: 'http' }>;

const betweenMs = 1000;
const oneMs = 5000;
const mostBytes = 1_000_000;

/** Smoke checks over HTTP, each begun once and asked again until it answers as expected. */
export interface HttpChecks {
  /** Where the check `key` stands; begins it when it is new. `onEnd` is called when it ends. */
  state(key: string, job: HttpJob, onEnd: () => void): CheckState;
  close(): void;
}

/** They belong to this process: after a restart a check is simply made again. */
export function createHttpChecks(): HttpChecks {
  const states = new Map<string, CheckState>();
  const stopping = new AbortController();

  async function run(key: string, job: HttpJob, onEnd: () => void): Promise<void> {
    const until = performance.now() + job.deadline * 1000;
    while (!stopping.signal.aborted) {
      const text = await ask(job, stopping.signal);
      if (text === null) {
        states.set(key, { state: 'succeeded', text: '' });
        break;
      }
      const isOver = performance.now() >= until;
      states.set(key, { state: isOver ? 'failed' : 'running', text });
      if (isOver) break;
      await new Promise<void>((resolve) => setTimeout(resolve, betweenMs).unref());
    }
    onEnd();
  }

  return {
    state(key, job, onEnd) {
      const known = states.get(key);
      if (known !== undefined) return known;
      const begun: CheckState = { state: 'running', text: '' };
      states.set(key, begun);
      void run(key, job, onEnd);
      return begun;
    },
    close: () => stopping.abort(),
  };
}

/** Null when it answered as expected; else why it did not. */
async function ask({ url, status, contains }: HttpJob, stop: AbortSignal): Promise<string | null> {
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(oneMs)]);
    // A redirect is an answer like any other: it is not followed to wherever it leads.
    const response = await fetch(url, { redirect: 'manual', signal });
    if (response.status !== status) {
      await response.body?.cancel();
      return `it answered ${response.status} instead of ${status}`;
    }
    if (contains === undefined) {
      await response.body?.cancel();
      return null;
    }
    const body = (await response.text()).slice(0, mostBytes);
    return body.includes(contains) ? null : 'its answer does not have the expected text';
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
}
