import { rolloutReads } from '#app/rollout/rollout-reads.ts';
import type { AlertGroup } from '#core/alerts/group.ts';
import type { SuspectNow } from '#core/cards/alert-actions.ts';
import { standing } from '#core/cards/standing.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';
import type { Transaction } from '#ports/store.ts';

/** The suspects of a group as they stand now, with what has become of them. */
export async function suspectsNow(
  tx: Transaction,
  group: AlertGroup,
): Promise<readonly SuspectNow[]> {
  const found: SuspectNow[] = [];
  for (const suspect of group.suspects) {
    const state = await rolloutReads.read(tx, suspect.rollout);
    if (state === null) continue;
    found.push({ suspect, state, ...(await fateOf(tx, state)) });
  }
  return found;
}

async function fateOf(
  tx: Transaction,
  state: RolloutState,
): Promise<Pick<SuspectNow, 'holds' | 'fate'>> {
  if (!ended(state.phase)) {
    return { holds: true, fate: isSteady(state) ? null : `${standing(state)}.` };
  }
  const { service, environment } = state;
  const open = await rolloutReads.open(tx, service, environment);
  const back = open.find(({ intent }) => intent === 'rollback');
  const other = back ?? open.find(({ startedAt }) => startedAt !== null) ?? null;
  const live = await rolloutReads.live(tx, service, environment);
  if (live?.rollout !== state.id) {
    const by = live === null ? '' : `: ${live.rollout} brought ${live.artifact.version}`;
    return { holds: false, fate: `It no longer runs${by}.` };
  }
  if (other === null) return { holds: true, fate: null };
  const verb = other.intent === 'rollback' ? 'goes back to' : 'brings';
  const stands = isSteady(other) ? '' : `: ${standing(other)}`;
  const fate = `${other.id} ${verb} ${other.artifact.version}${stands}.`;
  return { holds: other.intent !== 'rollback', fate };
}

/** At work as it should be: at which step is told elsewhere. */
function isSteady({ phase, countdown }: RolloutState): boolean {
  return countdown === null && ['progressing', 'promoting', 'finalising'].includes(phase);
}
