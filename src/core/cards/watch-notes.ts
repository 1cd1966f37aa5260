import type { PlaceAlert } from '#core/alerts/place-alerts.ts';
import type { Trouble, Watch } from '#core/alerts/watch.ts';
import { formatDuration } from '#core/duration.ts';
import type { Block, View } from '#core/message.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { noticeView } from './notice-view.ts';
import { closed } from './sentence.ts';
import { subjectOf } from './standing.ts';

/** Something began after a release had got all of the traffic, and is held against it. */
export function troubleNote(
  state: RolloutState,
  trouble: Pick<Trouble, 'name' | 'severity' | 'startsAt' | 'evidence'> & Partial<Trouble>,
): View {
  const after = formatDuration(Math.max(0, trouble.startsAt - (state.endedAt ?? 0)) / 1000);
  const severity = trouble.severity === '' ? '' : ` (${trouble.severity})`;
  const lasted = ((trouble.endsAt ?? 0) - trouble.startsAt) / 1000;
  const over = trouble.endsAt == null ? '' : `; it was over after ${formatDuration(lasted)}`;
  return noticeView({
    tone: over === '' ? 'danger' : 'success',
    title: subjectOf(state),
    said: `${trouble.name}${severity} began ${after} after ${state.artifact.version} was live${over}.`,
    ...(trouble.evidence === '' ? {} : { more: [[closed(trouble.evidence)]] }),
  });
}

/** What is held against a release, one line each; what somebody cleared says so. */
export function troubleBlocks(troubles: readonly Trouble[]): readonly Block[] {
  return troubles.map(({ name, severity, startsAt, endsAt, fails, clearedBy }) => {
    const weight = fails ? 'counts as a failure' : 'noted';
    const ends = endsAt === null ? 'still fires' : 'over';
    const stands =
      clearedBy === null ? `${ends}, ${weight}` : `not related, says ${clearedBy.displayName}`;
    const since = { kind: 'time', at: startsAt, as: 'date' } as const;
    const told = severity === '' ? '' : ` (${severity})`;
    return {
      kind: 'note',
      line: [{ kind: 'strong', text: name }, `${told} from `, since, `: ${stands}.`],
    };
  });
}

/** What fires in the place of a release and is not held against it. */
export function alarmBlocks(
  alerts: readonly PlaceAlert[],
  troubles: readonly Trouble[],
): readonly Block[] {
  return alerts
    .filter(({ group }) => !troubles.some(({ trouble }) => trouble.startsWith(`${group}#`)))
    .map(({ group, title, severity, since }) => ({
      kind: 'note',
      line: [
        { kind: 'strong', text: title },
        `${severity === '' ? '' : ` (${severity})`} fires in its place since `,
        { kind: 'time', at: since, as: 'clock' },
        ' and is not held against it: ',
        { kind: 'code', text: group },
      ],
    }));
}

/** The time in which a release was watched is over. */
export function windowNote(state: RolloutState, { until, troubles }: Watch): View {
  const lasted = formatDuration(Math.max(0, (until ?? 0) - (state.endedAt ?? 0)) / 1000);
  const held = troubles.filter(({ clearedBy }) => clearedBy === null);
  const names = held
    .slice(0, 5)
    .map(({ name, endsAt }) => (endsAt === null ? `${name}, still` : name));
  const quiet = held.length === 0;
  return noticeView({
    tone: quiet ? 'success' : 'warning',
    title: subjectOf(state),
    said: quiet
      ? `Watched for ${lasted}: nothing rang.`
      : `Watched for ${lasted}: ${held.length} held against it (${names.join('; ')}).`,
  });
}
