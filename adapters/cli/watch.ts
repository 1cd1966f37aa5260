import { ended, type RolloutState } from '#core/rollout/state.ts';
import type { Client, Release } from './client.ts';
import type { Invocation } from './invocation.ts';
import { type CliIo, exitCodes } from './io.ts';
import { createDisplay, type LiveDisplay } from './live-display.ts';
import { Unreachable } from './server.ts';
import { trusted } from './trust-boundary.ts';

/** Between two looks when the stream says nothing, and before a broken stream is opened again. */
const lookAgainMs = 5000;
const retryMs = 1000;
/** A server that starts again is back long before. */
const patienceMs = 60_000;

/**
 * Shows a rollout until it ends or needs a person. For people one display that is redrawn; for files
 * one line whenever it stands elsewhere. Returns the exit code.
 */
export async function watch(
  client: Client,
  rollout: string,
  invocation: Invocation,
  io: CliIo,
): Promise<number> {
  const stop = new AbortController();
  const live = createDisplay(invocation, io);
  const bell = createBell();
  const stopped = (): void => bell.ring();
  io.signal.addEventListener('abort', stopped);
  let awaySince: number | null = null;
  const followed = follow(client, rollout, stop.signal, bell.ring);
  try {
    while (!io.signal.aborted) {
      const release = await look(client, rollout, live, awaySince);
      awaySince = release === null ? (awaySince ?? Date.now()) : null;
      if (release !== null) {
        const code = codeOf(release.state);
        if (code !== null) {
          live.end(release);
          return code;
        }
        live.show(release);
      }
      await bell.wait(release === null ? retryMs : lookAgainMs);
    }
    return exitCodes.interrupted;
  } finally {
    stop.abort();
    io.signal.removeEventListener('abort', stopped);
    await followed;
  }
}

/**
 * The rollout, or null while the server is away: it may be starting again, and the release goes on.
 * @throws CliTrouble when it stays away or refuses
 */
async function look(
  client: Client,
  rollout: string,
  live: LiveDisplay,
  awaySince: number | null,
): Promise<Release | null> {
  try {
    return await client.release(rollout);
  } catch (problem) {
    const goneFor = awaySince === null ? 0 : Date.now() - awaySince;
    if (!(problem instanceof Unreachable) || goneFor > patienceMs) throw problem;
    if (awaySince === null) live.remark(`${problem.message} Trying again.\n`);
    return null;
  }
}

/** Rings whenever something of the rollout was recorded; opens the stream again when it breaks. */
async function follow(
  client: Client,
  rollout: string,
  signal: AbortSignal,
  ring: () => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await client.stream(signal, (event, data) => {
        if (event !== 'ledger') return;
        const { streams } = trusted<{ readonly streams: readonly string[] }>(data);
        if (streams.some((stream) => stream.endsWith(`:${rollout}`))) ring();
      });
    } catch {
      // The looks at intervals go on, and say what is wrong if the server is gone.
    }
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** The exit code that a state means; null while it goes on by itself. */
export function codeOf(state: RolloutState): number | null {
  if (state.phase === 'succeeded') return exitCodes.done;
  if (state.phase === 'rolled_back') return exitCodes.rolledBack;
  if (ended(state.phase)) return exitCodes.refused;
  const needed = state.phase === 'paused' || state.phase === 'stuck';
  return needed ? exitCodes.needsPerson : null;
}

/** Waits until somebody rings, or for a while. A ring while nobody waits is kept. */
function createBell(): { ring(): void; wait(ms: number): Promise<void> } {
  let rung = false;
  let wake: (() => void) | null = null;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async wait(ms) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = null;
      rung = false;
    },
  };
}
