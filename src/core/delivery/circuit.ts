import type { FaultCode } from '#core/fault.ts';
import type { Instant } from '#core/ids.ts';

/** Whether a platform is spoken to at all. */
export interface Circuit {
  /** Nothing is sent before this instant. */
  readonly openUntil: Instant;
  /** How often it opened in a row because the credentials did not count. */
  readonly rejections: number;
  /** Refused requests in the present window: Discord bans an address at 10,000 in ten minutes. */
  readonly refused: number;
  readonly windowSince: Instant;
}

/** A circuit that lets everything through. */
export const closedCircuit: Circuit = { openUntil: 0, rejections: 0, refused: 0, windowSince: 0 };

const windowMs = 600_000;
const refusedMax = 1_000;
const firstPauseMs = 30_000;
const longestPauseMs = 600_000;

/** The circuit after a fault. Lost credentials open it for ever longer; too many refusals until their window ends. */
export function afterFault(circuit: Circuit, code: FaultCode, now: Instant): Circuit {
  const counts =
    code === 'chat.rate_limited' || code === 'chat.not_allowed' || code === 'chat.auth_lost';
  if (!counts) return circuit;
  const fresh = now - circuit.windowSince >= windowMs;
  const next = {
    ...circuit,
    refused: fresh ? 1 : circuit.refused + 1,
    windowSince: fresh ? now : circuit.windowSince,
  };
  if (code === 'chat.auth_lost') {
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(circuit.rejections, 8));
    // Several calls under way learn of the same loss: it is one.
    if (circuit.openUntil > now) return next;
    return { ...next, openUntil: now + pause, rejections: circuit.rejections + 1 };
  }
  return next.refused >= refusedMax ? { ...next, openUntil: next.windowSince + windowMs } : next;
}

/** The circuit after something worked. */
export function afterSuccess(circuit: Circuit): Circuit {
  return circuit.rejections === 0 ? circuit : { ...circuit, rejections: 0 };
}
