import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import { Problem } from '#adapters/console/page/problem.ts';
import { Section } from '#adapters/console/page/release/release-page.ts';
import { useResource } from '#adapters/console/page/resource.ts';
import { blocks } from '#adapters/console/page/view/blocks.ts';
import { mark } from '#adapters/console/page/view/marks.ts';
import type { Attention as Now } from '#adapters/console/wire.ts';
import { openGates, standing, subjectOf, toneOf } from '#core/cards/standing.ts';
import { Held } from './held.ts';
import { Ringing } from './ringing.ts';

/** Schedules turn without an event of ours. */
const everyMs = 30_000;

/** What asks for somebody now: alerts, what waits for a person, what is held, and who is on call. */
export function Attention(): VNode | null {
  const { value, problem } = useResource<Now>('/api/attention', {}, undefined, everyMs);
  const now = value.value;
  if (now === null) return html`<${Problem} refusal=${problem.value} />`;
  const { alerts, waiting, underWay, duty } = now;
  return html`<div class="attention">
    <${Problem} refusal=${problem.value} />
    <${Section} title="Rings now">
      <${OnDuty} duty=${duty} />
      ${
        alerts.length === 0
          ? html`<p class="calm" role="status">${mark('done')}No alert fires.</p>`
          : alerts.map((alert) => html`<${Ringing} alert=${alert} key=${alert.id} />`)
      }
    <//>
    <${Section} title="Waits for a person">
      ${
        waiting.length === 0
          ? html`<p class="quiet">No release waits for anybody.</p>`
          : html`<ul class="waiting-list">${waiting.map((one) => html`<${Waiting} one=${one} key=${one.state.id} />`)}</ul>`
      }
      ${underWay.length === 0 ? null : html`<ul class="under-way">${underWay.map(onItsWay)}</ul>`}
    <//>
    <${Held} now=${now} />
  </div>`;
}

function OnDuty({ duty }: Pick<Now, 'duty'>): VNode | null {
  if (duty === null || duty.length === 0) return null;
  return html`<dl class="on-duty">${duty.map(
    ({ services, people, because }) => html`<div key=${services.join()}>
      <dt>On call${duty.length === 1 ? '' : ` for ${services.join(', ')}`}</dt>
      <dd>${people.length === 0 ? html`<span class="quiet">${because}</span>` : people.join(', ')}</dd>
    </div>`,
  )}</dl>`;
}

function Waiting({ one }: { readonly one: Now['waiting'][number] }): VNode {
  const { state, card } = one;
  const shown = card.blocks.filter(({ kind }) => kind === 'text' || kind === 'buttons');
  const gates = state.phase === 'waiting' ? openGates(state) : [];
  return html`<li data-tone=${toneOf(state)}>
    <p class="waiting-what"><span class="pip" aria-hidden="true"></span><a href=${pathOf(state.id)}>${subjectOf(state)}</a><span class="quiet">${state.id}, asked for by ${state.requester.displayName}</span></p>
    ${blocks(shown, null)}
    ${gates.map(({ gate, reason }) => html`<p class="quiet" key=${gate}>${reason}</p>`)}
  </li>`;
}

function onItsWay(state: Now['underWay'][number]): VNode {
  return html`<li key=${state.id} data-tone=${toneOf(state)}><span class="pip" aria-hidden="true"></span><a href=${pathOf(state.id)}>${subjectOf(state)}</a> <span class="toned">${standing(state)}</span></li>`;
}

function pathOf(id: string): string {
  return `/rollouts/${encodeURIComponent(id)}`;
}
