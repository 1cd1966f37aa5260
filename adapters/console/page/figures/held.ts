import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import { Section } from '#adapters/console/page/release/release-page.ts';
import { brief, remark } from '#adapters/console/page/view/remark.ts';
import { Time } from '#adapters/console/page/view/spans.ts';
import type { Attention } from '#adapters/console/wire.ts';

/** Locks with their age, freezes, and versions that are held off. */
export function Held({ now }: { readonly now: Attention }): VNode | null {
  const { held, freezes } = now;
  if (held.length === 0 && freezes.active.length === 0) return null;
  return html`<${Section} title="Locked, frozen or on hold">
    <ul class="held">
      ${freezes.active.map(
        ({ id, scope, reason, by, until }) => html`<li key=${id}>
          <b>${scope === '*' ? 'Everything' : scope}</b>
          <div>${remark('frozen', [html`<b>Frozen by ${by.displayName}:</b>`, brief(reason), untilWords(until)])}</div>
        </li>`,
      )}
      ${held.map(
        (one) =>
          html`<li key=${`${one.service}/${one.environment}`}><b>${one.service} in ${one.environment}</b><div>${remarks(one)}</div></li>`,
      )}
    </ul>
  <//>`;
}

function remarks({ place, frozen }: Attention['held'][number]): readonly (VNode | null)[] {
  const { lock, holds } = place;
  return [
    lock === null
      ? null
      : remark('locked', [
          html`<b>Locked by ${lock.by.displayName}:</b>`,
          brief(lock.reason),
          html`<span class="quiet"> since <${Time} at=${lock.since} as="relative" /></span>`,
          untilWords(lock.until),
        ]),
    frozen === null
      ? null
      : remark('frozen', [html`<b>Frozen:</b>`, brief(frozen.reason), untilWords(frozen.until)]),
    ...holds.map((hold) =>
      remark('paused', [
        html`<b>${hold.artifact.version} is on hold${hold.reason === lock?.reason ? '' : ':'}</b>`,
        hold.reason === lock?.reason ? 'until somebody deploys it by name' : brief(hold.reason),
      ]),
    ),
  ];
}

function untilWords(until: number | null): VNode | null {
  return until === null
    ? null
    : html`<span class="quiet"> until <${Time} at=${until} as="date" /></span>`;
}
