import type { Suspect } from '#core/alerts/events.ts';
import { type AlertGroup, beganAt, type LinkedRelease } from '#core/alerts/group.ts';
import { formatDuration } from '#core/duration.ts';
import type { Line } from '#core/message.ts';
import type { SuspectNow } from './alert-actions.ts';
import { type CardContext, releaseSpan } from './card-context.ts';
import { closed } from './sentence.ts';

/**
 * A release that may have caused an alert, with what speaks for and against it, and what has become
 * of it. Once the alert is over, only that.
 */
export function suspectLine(
  group: AlertGroup,
  { suspect, state, fate }: SuspectNow,
  { consoleUrl }: Pick<CardContext, 'consoleUrl'>,
): Line {
  const link = group.linked.find(({ rollout }) => rollout === suspect.rollout);
  const evidence = group.phase === 'firing' ? `: ${evidenceWords(group, suspect)}` : '';
  return [
    { kind: 'strong', text: `${suspect.service} ${suspect.version}` },
    ' (',
    releaseSpan(suspect.rollout, consoleUrl, { linked: suspect.rollout, plain: suspect.rollout }),
    `) by ${state.requester.displayName}${evidence}.`,
    ...(link === undefined ? [] : [` ${linkWords(link)}`]),
    ...(fate === null ? [] : [` ${fate}`]),
  ];
}

/** What decides stands first: whether it was healthy before. */
function evidenceWords(group: AlertGroup, suspect: Suspect): string {
  const before = formatDuration(Math.max(0, beganAt(group) - suspect.trafficAt) / 1000);
  return [
    healthWords(suspect),
    `${Math.round(suspect.share)} % of the traffic, the first ${before} before the alert`,
    verdictWords[suspect.verdict],
    ...(suspect.distance === 0 ? [] : ['needed by what rings']),
  ].join('; ');
}

/** Whether what rings was healthy before, as measured; else what is known of the alert itself. */
function healthWords({ health, quietBefore, trafficAt }: Suspect): string {
  const rang = quietBefore ? 'no alert in the hour before it' : 'rang before it, too';
  if (health === undefined) return rang;
  const { before, turnedAt, by } = health;
  if (turnedAt === null) return `${rang}; whether it was healthy before is unknown (${by})`;
  const apart = formatDuration(Math.abs(turnedAt - trafficAt) / 1000);
  if (turnedAt <= trafficAt) return `bad already ${apart} before it (${by})`;
  if (before === 'healthy') return `healthy before it, bad ${apart} after (${by})`;
  if (before === 'unhealthy') return `on and off bad before it, too (${by})`;
  return `${rang}; bad ${apart} after it, before it unknown (${by})`;
}

const verdictWords: Readonly<Record<Suspect['verdict'], string>> = {
  none: 'nobody judged it',
  passed: 'its canary passed',
  failed: 'its canary failed',
  undecided: 'its canary is undecided',
};

/** How a release is held to account, who says so, and why. */
export function linkWords({ by, because, fails }: LinkedRelease): string {
  const why = because == null || because === '' ? '.' : `: ${closed(because)}`;
  const who = by == null ? '' : `, says ${by.displayName}`;
  return `${fails ? 'Held against it' : 'Noted against it'}${who}${why}`;
}
