/** What a request meets instead of, or after, its work. */
export type PeerFault =
  | { readonly kind: 'ratelimited'; readonly retryAfter: number; readonly global?: boolean }
  /** The work was done, but the answer says 503. */
  | { readonly kind: 'done_503' }
  | { readonly kind: 'lost_503' }
  /** The connection breaks: before the work, or after it. */
  | { readonly kind: 'reset'; readonly done: boolean }
  | { readonly kind: 'error'; readonly status: number; readonly code: number };

/** A script of faults, used up one by one, per `METHOD kind`. */
export function createFaults() {
  const scripts = new Map<string, PeerFault[]>();
  return {
    next(call: 'post' | 'edit' | 'other' | 'any', fault: PeerFault): void {
      scripts.set(call, [...(scripts.get(call) ?? []), fault]);
    },
    take(call: 'post' | 'edit' | 'other'): PeerFault | null {
      return scripts.get(call)?.shift() ?? scripts.get('any')?.shift() ?? null;
    },
  };
}
