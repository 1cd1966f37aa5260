import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import { trusted } from '#adapters/console/page/trust-boundary.ts';
import { step } from '#adapters/console/page/view/blocks.ts';
import { Time } from '#adapters/console/page/view/spans.ts';
import type { Release } from '#adapters/console/wire.ts';
import { gateWords } from '#core/cards/standing.ts';
import type { StepMark } from '#core/message.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';

const marks: Readonly<Record<'pass' | 'hold' | 'block' | 'overridden', StepMark>> = {
  pass: 'done',
  hold: 'running',
  block: 'failed',
  overridden: 'skipped',
};

/** Each gate as it was last asked, with the facts that decided. */
export function Gates({ release }: { readonly release: Release }): VNode {
  const asked = lastAsked(release);
  if (asked === null) {
    const planned = release.state.plan?.gates ?? [];
    return html`<ul class="steps">${planned.map(({ gate }) => step({ label: gateWords(gate), mark: 'pending' }))}</ul>`;
  }
  return html`<div class="gates">
    <ul class="steps">${asked.outcomes.map(
      ({ gate, verdict, reason, next, evidence, until }) => html`<li key=${gate}>
        <ol>${step({ label: gateWords(gate), mark: marks[verdict] })}</ol>
        <p class="gate-words">${reason} ${verdict === 'pass' ? '' : next}${until === null ? null : html` Until <${Time} at=${until} as="date" />.`}</p>
        ${evidence.map((fact) => html`<p class="gate-words quiet">${fact}</p>`)}
      </li>`,
    )}</ul>
    <p class="quiet">Asked to ${asked.verb}, <${Time} at=${asked.at} as="relative" /></p>
  </div>`;
}

/** The rollout forgets what its gates said once it has moved on; the ledger does not. */
function lastAsked({ state, events }: Release): Release['state']['gates'] {
  if (state.gates !== null) return state.gates;
  for (const { at, body } of events.toReversed()) {
    const event = trusted<RolloutEvent>(body);
    if (event.kind !== 'gates.evaluated') continue;
    return { step: event.step, verb: event.verb, at, outcomes: event.outcomes };
  }
  return null;
}
