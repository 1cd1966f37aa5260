export interface EngineOptions {
  readonly dataDir: string;
  /** How long a transaction may sit idle. */
  readonly transactionMs: number;
  /** Time between two rounds of maintenance. */
  readonly maintenanceMs: number;
}

/** To the worker thread, several at a time. */
export type ToEngine =
  | { readonly kind: 'open'; readonly session: number }
  | { readonly kind: 'data'; readonly session: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'close'; readonly session: number }
  /** Answered with `pong` once everything before it has been looked at. */
  | { readonly kind: 'ping' }
  | { readonly kind: 'stop' };

/** From the worker thread. */
export type FromEngine =
  | { readonly kind: 'ready' }
  | { readonly kind: 'data'; readonly session: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'end'; readonly session: number }
  | { readonly kind: 'pong' };
