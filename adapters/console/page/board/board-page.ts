import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import { Nothing } from '#adapters/console/page/nothing.ts';
import { PageHead } from '#adapters/console/page/page-head.ts';
import { Problem } from '#adapters/console/page/problem.ts';
import { useResource } from '#adapters/console/page/resource.ts';
import { SearchField } from '#adapters/console/page/search-field.ts';
import { mark } from '#adapters/console/page/view/marks.ts';
import { Time } from '#adapters/console/page/view/spans.ts';
import type { Board } from '#adapters/console/wire.ts';
import { Place } from './place.ts';

/** What runs where, what is on its way, and what stands in the way. */
export function BoardPage(): VNode {
  const { value, problem } = useResource<Board>('/api/board', {}, undefined, 20_000);
  const wanted = useSignal('');
  const board = value.value;
  const services = [...new Set(board?.places.map(({ service }) => service) ?? [])].filter((name) =>
    name.includes(wanted.value.trim().toLowerCase()),
  );
  return html`<section class="pane" aria-label="Board">
    <${PageHead} title="Board" detail="What runs where">
      <${SearchField} label="Find a service" value=${wanted} />
    <//>
    <div class="scroll"><div class="wide">
      <${Problem} refusal=${problem.value} />
      ${board?.freezes.active.map(
        ({ id, scope, reason, by, until }) => html`<p class="banner" key=${id}>${mark('frozen')}
          <span><b>${scope === '*' ? 'Everything' : scope} is frozen</b> by ${by.displayName}: ${reason}${until === null ? null : html`, until <${Time} at=${until} as="date" />`}</span></p>`,
      )}
      ${
        board === null
          ? null
          : html`<table class="board" hidden=${services.length === 0}>
            <thead><tr><th scope="col">Service</th>${board.environments.map((name) => html`<th scope="col" key=${name}>${name}</th>`)}</tr></thead>
            <tbody>${services.map(
              (service) =>
                html`<tr key=${service}><th scope="row">${service}</th>${board.environments.map((environment) => cell(board, service, environment))}</tr>`,
            )}</tbody>
          </table>`
      }
      ${board !== null && services.length === 0 ? html`<${Nothing} title="Nothing found" text=${wanted.value === '' ? 'No service is configured yet.' : 'No service has this in its name.'} />` : null}
    </div></div>
  </section>`;
}

function cell(board: Board, service: string, environment: string): VNode {
  const place = board.places.find(
    (one) => one.service === service && one.environment === environment,
  );
  return html`<td key=${environment} data-label=${environment}>${place === undefined ? html`<span class="nowhere">–</span>` : html`<${Place} place=${place} />`}</td>`;
}
