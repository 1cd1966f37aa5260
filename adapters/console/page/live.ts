import { signal } from '@preact/signals';
import type { SessionInfo, WireMessage } from '#adapters/console/wire.ts';
import { setServerTime } from './clock.ts';
import { trusted } from './trust-boundary.ts';

/** `live`: what is shown is what the server has. `lost`: it may be out of date. */
export const link = signal<'connecting' | 'live' | 'lost'>('connecting');

/** Rises when the ledger moved: whoever shows state of releases loads it again. */
export const ledgerMoved = signal<{ readonly turn: number; readonly streams: readonly string[] }>({
  turn: 0,
  streams: [],
});

function moved(streams: readonly string[]): void {
  ledgerMoved.value = { turn: ledgerMoved.value.turn + 1, streams };
}

interface Followers {
  readonly message: (message: WireMessage) => void;
  /** Too much was missed: load again what is shown. */
  readonly reset: () => void;
}

/** The server beats each 15 s: this much silence means that the line is dead. */
const silenceMs = 40_000;
const retryMs = 1500;

/**
 * Follows the server's stream for as long as the page lives, from where the session was loaded;
 * resumes where it stopped, and then holds everything for out of date.
 */
export function follow({ change, ledger }: SessionInfo['at'], followers: Followers): void {
  let source: EventSource | null = null;
  let last = String(change);
  let lost = false;
  let silence = 0;

  function heard(event: MessageEvent): void {
    if (event.lastEventId !== '') last = event.lastEventId;
    clearTimeout(silence);
    silence = setTimeout(again, silenceMs);
    if (link.value !== 'live') link.value = 'live';
  }

  function again(): void {
    source?.close();
    link.value = 'lost';
    lost = true;
    clearTimeout(silence);
    silence = setTimeout(open, retryMs);
  }

  function open(): void {
    source = new EventSource(`/api/stream?after=${last}${lost ? '' : `&ledger=${ledger}`}`);
    const on = (name: string, run: (data: unknown) => void): void => {
      source?.addEventListener(name, (event) => {
        heard(event);
        run(JSON.parse(event.data));
      });
    };
    on('hello', (data) => {
      setServerTime(trusted<{ readonly now: number }>(data).now);
      if (lost) moved(['*']);
    });
    on('beat', (data) => setServerTime(trusted<{ readonly now: number }>(data).now));
    on('message', (data) => followers.message(trusted<WireMessage>(data)));
    on('reset', () => {
      moved(['*']);
      followers.reset();
    });
    on('ledger', (data) => moved(trusted<{ readonly streams: readonly string[] }>(data).streams));
    source.addEventListener('error', again);
  }

  open();
}
