import type { VNode } from 'preact';
import { exactTime } from '#adapters/console/page/clock.ts';
import { html } from '#adapters/console/page/html.ts';
import type { Release } from '#adapters/console/wire.ts';

/** Where this release stands in the history, how to prove it, and its events as they were recorded. */
export function Audit({ release }: { readonly release: Release }): VNode {
  const { events, history } = release;
  const first = events[0]?.seq ?? 0;
  const last = events.at(-1)?.seq ?? 0;
  return html`<div class="audit">
    <dl class="facts">
      <div><dt>Events</dt><dd>${events.length}, from ${first} to ${last} of ${history.size}</dd></div>
      <div><dt>Tree root</dt><dd><code title=${history.root}>${history.root.slice(0, 16)}</code></dd></div>
    </dl>
    <p class="quiet">To prove that an event is part of the unaltered history, offline:</p>
    <pre tabindex="0"><code>npx signalbox audit prove ${last}</code></pre>
    <details><summary>Raw events</summary>
      <ol class="raw">${events.map(
        ({ seq, at, kind, body }) => html`<li key=${seq}><details>
          <summary><code>${seq}</code> ${kind} <span class="quiet">${exactTime(at)}</span></summary>
          <pre tabindex="0"><code>${JSON.stringify(body, null, 2)}</code></pre>
        </details></li>`,
      )}</ol>
    </details>
  </div>`;
}
