import type { StreamRow } from '#ports/streams.ts';

/** The row of a stream that belongs to no place, is never active and never ends. */
export function unplacedRow(state: unknown, wakeAt: StreamRow['wakeAt'] = null): StreamRow {
  return {
    service: null,
    environment: null,
    phase: null,
    active: false,
    ended: false,
    wakeAt,
    state,
  };
}
