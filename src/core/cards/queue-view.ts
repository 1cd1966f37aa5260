import type { Instant } from '#core/ids.ts';
import type { Line, View } from '#core/message.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { standing, subjectOf } from './standing.ts';

/** One who waits. `expectedAt` is when its turn should come; null when it cannot be told. */
export interface Waiting {
  readonly state: RolloutState;
  readonly expectedAt: Instant | null;
}

/** Who is at work in a place and who waits behind: the answer of `queue`. */
export function queueView(
  place: string,
  active: RolloutState | null,
  waiting: readonly Waiting[],
): View {
  const ahead = active === null ? 'Nothing is at work' : `${active.id} is at work`;
  const summary = `${place}: ${ahead}, ${waiting.length} waiting`;
  return {
    tone: 'neutral',
    title: `Queue of ${place}`,
    summary,
    blocks: [
      {
        kind: 'text',
        line:
          active === null
            ? ['Nothing is at work here.']
            : [{ kind: 'strong', text: subjectOf(active) }, ` (${active.id}): ${standing(active)}`],
      },
      waiting.length === 0
        ? { kind: 'text', line: ['Nobody waits.'] }
        : {
            kind: 'table',
            columns: [
              { label: '#', align: 'right' },
              { label: 'Id' },
              { label: 'Release' },
              { label: 'By' },
              { label: 'Its turn' },
            ],
            rows: waiting.map(({ state, expectedAt }, index) => [
              [`${index + 1}`],
              [{ kind: 'code', text: state.id }],
              [subjectOf(state)],
              [state.requester.displayName],
              turn(state, expectedAt, index === 0 ? active : (waiting[index - 1]?.state ?? null)),
            ]),
          },
    ],
  };
}

/** Whoever has nobody ahead waits for something else; where a person decides, no time can be told. */
function turn(state: RolloutState, expectedAt: Instant | null, ahead: RolloutState | null): Line {
  if (ahead === null) return [standing(state)];
  if (expectedAt === null) return [`after ${ahead.id}`];
  return [{ kind: 'time', at: expectedAt, as: 'relative' }];
}
