import type { View } from '#core/message.ts';
import type { Refusal } from '#core/refusal.ts';

/** What a person sees who was told no: what was wrong, what to do next, and the code to look up. */
export function refusalView(refusal: Refusal): View {
  const summary = refusal.next === '' ? refusal.message : `${refusal.message} ${refusal.next}`;
  return {
    tone: 'warning',
    title: 'Not done',
    summary,
    blocks: [
      { kind: 'text', line: [{ kind: 'strong', text: refusal.message }] },
      ...(refusal.next === '' ? [] : [{ kind: 'text', line: [refusal.next] } as const]),
      { kind: 'note', line: [{ kind: 'code', text: refusal.code }] },
    ],
  };
}
