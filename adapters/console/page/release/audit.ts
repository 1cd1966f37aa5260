import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { exactTime } from '#adapters/console/page/clock.ts';
import { html } from '#adapters/console/page/html.ts';
import { asRefusal, get } from '#adapters/console/page/http.ts';
import { mark } from '#adapters/console/page/view/marks.ts';
import type { Release } from '#adapters/console/wire.ts';
import type { Refusal } from '#core/refusal.ts';
import type { EventProof } from '#ports/reader.ts';

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
    <${Proof} seq=${last} key=${last} />
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

/** Asks for the proof that the newest event of the release is part of the signed history. */
function Proof({ seq }: { readonly seq: number }): VNode {
  const found = useSignal<EventProof | Refusal | null>(null);
  const busy = useSignal(false);

  async function prove(): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    try {
      found.value = await get<EventProof>(`/api/audit/proof/${seq}`);
    } catch (problem) {
      found.value = asRefusal(problem);
    }
    busy.value = false;
  }

  const shown = found.value;
  if (shown === null || 'code' in shown) {
    return html`<div class="proof">
      <button class="button" data-style="plain" aria-disabled=${busy.value} onClick=${() => {
        prove().catch(() => undefined);
      }}>Prove event ${seq}</button>
      <p role="status">${shown === null ? '' : html`<span>${shown.message} <span class="quiet">${shown.next}</span></span>`}</p>
    </div>`;
  }
  return html`<div class="proof" role="status" data-tone=${shown.holds ? 'success' : 'danger'}>
    <p>${mark(shown.holds ? 'done' : 'failed')}<span>${
      shown.holds
        ? html`Event ${seq} is part of the unaltered history of ${shown.size} events whose root is signed.`
        : html`<b>Event ${seq} is not in the history that was signed.</b> Run <code>npx signalbox audit verify</code>.`
    }</span></p>
    <a href=${`/api/audit/proof/${seq}`} download=${`event-${seq}.json`}>Save the proof</a>
  </div>`;
}
