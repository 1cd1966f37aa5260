import type { VNode } from 'preact';
import { exactTime } from '#adapters/console/page/clock.ts';
import { html } from '#adapters/console/page/html.ts';
import { trusted } from '#adapters/console/page/trust-boundary.ts';
import { spans } from '#adapters/console/page/view/spans.ts';
import type { Release } from '#adapters/console/wire.ts';
import { noteFor } from '#core/cards/milestone.ts';
import { sentence } from '#core/cards/sentence.ts';
import { outageWords } from '#core/cards/standing.ts';
import type { Line, Tone } from '#core/message.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';
import { evolve } from '#core/rollout/evolve.ts';
import type { RolloutState } from '#core/rollout/state.ts';

type Event = Release['events'][number];

interface Entry {
  readonly seq: number;
  readonly at: number;
  readonly tone: Tone;
  readonly line: Line;
}

/** What happened, told from the ledger in the same words as in the thread. */
export function Timeline({ events }: { readonly events: Release['events'] }): VNode {
  return html`<ol class="timeline">${entriesOf(events).map(
    ({ seq, at, tone, line }) => html`<li key=${seq} data-tone=${tone}>
      <time datetime=${new Date(at).toISOString()}>${exactTime(at)}</time>
      <span class="pip" aria-hidden="true"></span>
      <span>${spans(line)}</span>
    </li>`,
  )}</ol>`;
}

function entriesOf(events: readonly Event[]): readonly Entry[] {
  const entries: Entry[] = [];
  let state: RolloutState | null = null;
  for (const { seq, at, actor, body } of events) {
    const event = trusted<RolloutEvent>(body);
    state = evolve(state, { at, actor, event });
    const note = noteFor(event, state);
    const [first] = note?.blocks ?? [];
    if (note !== null && first?.kind === 'text') {
      entries.push({ seq, at, tone: note.tone, line: first.line });
    } else if (event.kind === 'rollout.requested') {
      const line = [{ kind: 'strong', text: actor.displayName } as const, ' requested it'];
      entries.push({ seq, at, tone: 'neutral', line });
    } else if (event.kind === 'outage.begun') {
      const line = [sentence(`${outageWords(event)} does not answer: ${event.detail}`)];
      entries.push({ seq, at, tone: 'warning', line });
    } else if (event.kind === 'plan.made') {
      const line = ['The plan was made: ', { kind: 'code', text: event.hash.slice(0, 8) } as const];
      entries.push({ seq, at, tone: 'neutral', line });
    }
  }
  return entries.toReversed();
}
