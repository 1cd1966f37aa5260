import { outageOf, standing } from '#core/cards/standing.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';
import type { Client, Release } from './client.ts';
import type { Invocation } from './invocation.ts';
import { type CliIo, exitCodes } from './io.ts';
import { printed } from './print.ts';
import { trusted } from './trust-boundary.ts';

/** Between two looks when the stream says nothing, and before a broken stream is opened again. */
const lookAgainMs = 5000;

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
  const followed = follow(client, rollout, stop.signal, bell.ring);
  try {
    while (!io.signal.aborted) {
      const release = await client.release(rollout);
      live.show(release);
      const code = codeOf(release.state);
      if (code !== null) return live.end(release, code);
      await bell.wait(lookAgainMs);
    }
    return exitCodes.trouble;
  } finally {
    stop.abort();
    io.signal.removeEventListener('abort', stopped);
    await followed;
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

interface Display {
  show(release: Release): void;
  end(release: Release, code: number): number;
}

function createDisplay(invocation: Invocation, io: CliIo): Display {
  const redraws = io.terminal && !invocation.json;
  let rows = 0;
  let said = '';
  return {
    show({ state, card }) {
      if (redraws) {
        const text = printed(card, Date.now(), invocation, io);
        io.out(`${rows === 0 ? '' : `\u001b[${rows}A\u001b[J`}${text}`);
        rows = text.split('\n').length - 1;
        return;
      }
      const outage = outageOf(state);
      const because = outage === null ? '' : ` (${outage.code}: ${outage.detail})`;
      const line = `${state.id}: ${standing(state)}${because}`;
      if (line !== said && !invocation.json) io.out(`${line}\n`);
      said = line;
    },
    end({ state }, code) {
      if (invocation.json) io.out(`${JSON.stringify(state, null, 2)}\n`);
      return code;
    },
  };
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
