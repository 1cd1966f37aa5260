import type { VNode } from 'preact';
import { html } from './html.ts';

/** Hues apart from the tones of states, so that a face never looks like a warning. */
const hues = [262, 198, 318, 228, 172, 288, 345];

/** Initials on a quiet ground; Signalbox has its own sign. Decoration: the name stands beside it. */
export function Avatar({
  user,
  name,
}: {
  readonly user: string | null;
  readonly name: string;
}): VNode {
  if (user === null) {
    return html`<span class="avatar avatar-signal" aria-hidden="true"><svg viewBox="0 0 32 32"><path d="M10 7v19" /><path class="arm" d="M10 15 24 8.5" /></svg></span>`;
  }
  const initials = name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .slice(0, 2)
    .join('')
    .toUpperCase();
  let sum = 0;
  for (const character of user) sum = (sum * 31 + character.charCodeAt(0)) % 997;
  return html`<span class="avatar" aria-hidden="true" style=${{ '--hue': String(hues[sum % hues.length]) }}>${initials}</span>`;
}
