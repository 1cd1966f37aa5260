import { z } from 'zod';
import { Fault } from '#core/fault.ts';

/** What the API server says when it says no. */
const StatusObject = z.object({
  kind: z.literal('Status'),
  message: z.string().default(''),
  reason: z.string().default(''),
  details: z
    .object({
      retryAfterSeconds: z.number().optional(),
      causes: z
        .array(
          z.object({
            reason: z.string().default(''),
            message: z.string().default(''),
            field: z.string().default(''),
          }),
        )
        .default([]),
    })
    .prefault({}),
});

/** An answer that is not a success. */
export interface Refused {
  readonly status: number;
  readonly body: string;
  readonly retryAfterSeconds: number | null;
}

/** What an answer of the API server means to us. `what` names the attempt in plain words. */
export function faultOf({ status, body, retryAfterSeconds }: Refused, what: string): Fault {
  const told = statusIn(body);
  const message = `${what}: ${told?.message || `the API server answered ${status}`}`.slice(0, 800);
  if (status === 409) return conflictOf(told, what, message);
  if (status === 429 || status >= 500) {
    const seconds = retryAfterSeconds ?? told?.details.retryAfterSeconds;
    return new Fault('target.unavailable', message, {
      retryable: true,
      ...(seconds === undefined ? {} : { retryAfterMs: Math.min(seconds, 60) * 1000 }),
    });
  }
  // The token may have expired: it is read anew with the next request.
  if (status === 401) return new Fault('target.unavailable', message, { retryable: true });
  return new Fault('target.rejected', message, { retryable: false });
}

/** The API server could not be reached, or did not answer to the end. */
export function outageOf(error: unknown, what: string): Fault {
  if (error instanceof Fault) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new Fault('target.unavailable', `${what}: ${reason}`.slice(0, 800), {
    retryable: true,
    cause: error,
  });
}

function conflictOf(
  told: z.infer<typeof StatusObject> | null,
  what: string,
  message: string,
): Fault {
  const owners = told?.details.causes.filter(({ reason }) => reason === 'FieldManagerConflict');
  if (owners !== undefined && owners.length > 0) {
    const list = owners.map((owner) => `${owner.field}: ${owner.message}`).join('; ');
    return new Fault('target.conflict', `${what}: ${list}`.slice(0, 800), { retryable: false });
  }
  // Somebody wrote between our look and our write: look again.
  return new Fault('target.conflict', message, { retryable: true, retryAfterMs: 250 });
}

function statusIn(body: string): z.infer<typeof StatusObject> | null {
  try {
    return StatusObject.parse(JSON.parse(body));
  } catch {
    return null;
  }
}
