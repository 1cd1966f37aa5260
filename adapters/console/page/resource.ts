import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Refusal } from '#core/refusal.ts';
import { asRefusal, get } from './http.ts';
import { ledgerMoved } from './live.ts';

/** Something of the server that is shown, and kept up to date while it is. */
export interface Resource<T> {
  readonly value: Signal<T | null>;
  readonly problem: Signal<Refusal | null>;
}

/**
 * Loads a path, and again whenever the ledger moved in a stream that concerns it; with `everyMs` also
 * that often, for what no event tells.
 */
export function useResource<T>(
  path: string,
  query: Readonly<Record<string, string>> = {},
  concerns: (stream: string) => boolean = () => true,
  everyMs: number | null = null,
): Resource<T> {
  const value = useSignal<T | null>(null);
  const problem = useSignal<Refusal | null>(null);
  const { turn, streams } = ledgerMoved.value;
  const key = `${path}?${new URLSearchParams(query).toString()}`;
  const relevant = streams.some((stream) => stream === '*' || concerns(stream));
  const due = useSignal(0);
  if (relevant) due.value = turn;
  const beat = useSignal(0);

  useEffect(() => {
    if (everyMs === null) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') beat.value += 1;
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);

  useEffect(() => {
    let wanted = true;
    get<T>(path, query).then(
      (found) => {
        if (!wanted) return;
        value.value = found;
        problem.value = null;
      },
      (failure: unknown) => {
        if (wanted) problem.value = asRefusal(failure);
      },
    );
    return () => {
      wanted = false;
    };
  }, [key, due.value, beat.value]);

  return { value, problem };
}
