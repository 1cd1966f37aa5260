import { Fault } from '#core/fault.ts';

/** What may go wrong with one call to a chat platform. */
export type ChatFault =
  | { readonly kind: 'rate_limited'; readonly scope: string; readonly retryAfterMs: number }
  /** `done`: the platform did it although the answer never came. */
  | { readonly kind: 'ambiguous'; readonly done: boolean }
  | { readonly kind: 'gone' }
  | { readonly kind: 'not_allowed' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'auth_lost' }
  | { readonly kind: 'unavailable' };

type Call = 'post' | 'edit' | 'find' | 'reply' | 'tell';

/** Faults to come. */
export interface FaultPlan {
  /** The next `times` calls of that kind fail so; earlier plans first. */
  failNext(call: Call, fault: ChatFault, times?: number): void;
  /** Every call fails so, until told null. */
  failAll(fault: ChatFault | null): void;
  /** Takes the fault of the call that happens now. */
  next(call: Call): ChatFault | null;
  /** The fault as it is thrown. */
  thrown(fault: ChatFault): Fault;
}

/** An empty plan: everything works. */
export function createFaultPlan(name: string): FaultPlan {
  const queued: { readonly call: Call; readonly fault: ChatFault }[] = [];
  let standing: ChatFault | null = null;
  return {
    failNext(call, fault, times = 1) {
      for (let count = 0; count < times; count += 1) queued.push({ call, fault });
    },
    failAll(fault) {
      standing = fault;
    },
    next(call) {
      const index = queued.findIndex((one) => one.call === call);
      return index < 0 ? standing : (queued.splice(index, 1)[0]?.fault ?? null);
    },
    thrown(fault) {
      const retryable = fault.kind === 'rate_limited' || fault.kind === 'unavailable';
      return new Fault(`chat.${fault.kind}`, `${name} was told to fail: ${fault.kind}`, {
        retryable,
        ...(fault.kind === 'rate_limited'
          ? { scope: fault.scope, retryAfterMs: fault.retryAfterMs }
          : {}),
      });
    },
  };
}
