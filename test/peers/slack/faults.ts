/** What one call meets instead of its usual answer. */
export type PeerFault =
  | { readonly kind: 'ratelimited'; readonly retryAfter: number }
  | { readonly kind: 'error'; readonly error: string }
  /** Done, and then the answer is a 503. */
  | { readonly kind: 'done_503' }
  | { readonly kind: 'lost_503' }
  /** Done, and then the connection is reset. */
  | { readonly kind: 'done_reset' };

/** A script of faults by method; `*` stands for every method. */
export interface PeerFaults {
  /** The next `times` calls of the method. */
  next(method: string, fault: PeerFault, times?: number): void;
  /** Each call with this chance, until it is set to 0. */
  chance(method: string, fault: PeerFault, probability: number): void;
  of(method: string): PeerFault | null;
}

/** `random`: a number between 0 and 1, different each time. */
export function createFaults(random: () => number): PeerFaults {
  const script = new Map<string, PeerFault[]>();
  const chances = new Map<string, { readonly fault: PeerFault; readonly probability: number }>();

  return {
    next(method, fault, times = 1) {
      const queue = script.get(method) ?? [];
      for (let index = 0; index < times; index += 1) queue.push(fault);
      script.set(method, queue);
    },
    chance(method, fault, probability) {
      chances.set(method, { fault, probability });
    },
    of(method) {
      const scripted = script.get(method)?.shift() ?? script.get('*')?.shift();
      if (scripted !== undefined) return scripted;
      const chance = chances.get(method);
      return chance !== undefined && random() < chance.probability ? chance.fault : null;
    },
  };
}

/** What the caller gets to see of a fault. */
export function faultyAnswer(fault: PeerFault): {
  readonly status: number;
  readonly json: { readonly ok: false; readonly error?: string };
  readonly headers?: Record<string, string>;
} {
  if (fault.kind === 'error') return { status: 200, json: { ok: false, error: fault.error } };
  if (fault.kind !== 'ratelimited') return { status: 503, json: { ok: false } };
  const headers = { 'retry-after': String(fault.retryAfter) };
  return { status: 429, json: { ok: false, error: 'ratelimited' }, headers };
}
