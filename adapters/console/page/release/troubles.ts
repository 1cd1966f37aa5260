import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import { Time } from '#adapters/console/page/view/spans.ts';
import type { Release } from '#adapters/console/wire.ts';

type Trouble = Release['troubles'][number];

/** Alerts and breaches that are held against the release, and those that somebody took off it. */
export function Troubles({ troubles }: Pick<Release, 'troubles'>): VNode {
  return html`<ul class="gates">${troubles.map(
    (one) => html`<li key=${one.trouble} data-tone=${toneOf(one)}>
      <b>${one.name}</b>${one.severity === '' ? null : ` (${one.severity})`} <span class="toned">${standing(one)}</span>
      <p class="quiet">from <${Time} at=${one.startsAt} as="date" />${one.endsAt === null ? null : html` to <${Time} at=${one.endsAt} as="clock" />`}</p>
      ${one.evidence === '' ? null : html`<p>${one.evidence}</p>`}
    </li>`,
  )}</ul>`;
}

function toneOf({ clearedBy, endsAt, fails }: Trouble): string {
  if (clearedBy !== null) return 'neutral';
  return endsAt === null && fails ? 'danger' : 'warning';
}

function standing({ clearedBy, endsAt, fails }: Trouble): string {
  if (clearedBy !== null) return `not related, says ${clearedBy.displayName}`;
  const counts = fails ? 'counts as a failure' : 'noted';
  return endsAt === null ? `fires, ${counts}` : `over, ${counts}`;
}
