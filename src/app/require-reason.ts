import { refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';

/** The reason that others will read. Refusals: `reason.required`. */
export function requireReason(reason: string | undefined, what: string): Result<string> {
  const text = reason?.trim() ?? '';
  if (text !== '') return ok(text);
  return no(
    refusal('reason.required', `${what} needs a reason.`, 'Add because … or --reason "…".'),
  );
}
