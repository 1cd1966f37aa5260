import { type AlertGroup, aimsOf, beganAt, type FiringAlert, firing } from '#core/alerts/group.ts';
import { formatDuration } from '#core/duration.ts';
import type { Block, Line, Span, View } from '#core/message.ts';
import { openSuspects, type SuspectNow, suspectActions } from './alert-actions.ts';
import { buttonOf, type CardContext } from './card-context.ts';
import { linkWords, suspectLine } from './suspect-line.ts';

/** Alerts that are listed by themselves. */
const listed = 6;

/**
 * The one message of an episode, edited in place: what rings and since when, whom to ask, and under
 * it the releases that may have caused it, with what a person may do about each.
 */
export function alertCard(
  group: AlertGroup,
  suspects: readonly SuspectNow[],
  context: CardContext,
): View {
  const title = alertTitle(group);
  const stands = alertStanding(group);
  const over = group.phase === 'resolved';
  return {
    tone: over
      ? 'success'
      : firing(group).some(({ effect }) => effect !== 'note')
        ? 'danger'
        : 'warning',
    title,
    summary: `${title}: ${stands}`,
    blocks: [
      { kind: 'text', line: headline(group, stands) },
      ...alerts(group),
      ...help(group),
      ...told(group, suspects, context),
      { kind: 'note', line: footer(group, context) },
    ],
  };
}

/** What rings, and about what. */
export function alertTitle(group: AlertGroup): string {
  const aims = aimsOf(group).map(({ service, environment }) => `${service} in ${environment}`);
  return aims.length === 0 ? group.title : `${group.title}: ${aims.slice(0, 3).join(', ')}`;
}

/** How many ring, or that it is over, in a few words. */
export function alertStanding(group: AlertGroup): string {
  if (group.phase === 'resolved') {
    return group.closedBecause === 'no_news' ? 'over: nobody repeats it' : 'resolved';
  }
  const count = firing(group).length + group.truncated;
  return count === 1 ? 'firing' : `${count} alerts firing`;
}

function headline(group: AlertGroup, stands: string): Line {
  const began = beganAt(group);
  const said = `${stands.charAt(0).toUpperCase()}${stands.slice(1)}`;
  const since: Span = { kind: 'time', at: began, as: 'clock' };
  if (group.closedAt === null) return [{ kind: 'strong', text: said }, ' since ', since, '.'];
  const lasted = formatDuration((group.closedAt - began) / 1000);
  return [{ kind: 'strong', text: said }, ` after ${lasted}; it began at `, since, '.'];
}

function alerts(group: AlertGroup): readonly Block[] {
  const ordered = [...firing(group), ...group.alerts.filter(({ endsAt }) => endsAt !== null)];
  const more = ordered.length - listed;
  const hidden = [
    ...(more > 0 ? [`${more} more alerts of this group.`] : []),
    ...(group.truncated > 0 ? [`${group.truncated} were left out by the sender.`] : []),
  ];
  return [
    ...ordered.slice(0, listed).map((alert): Block => ({ kind: 'text', line: alertLine(alert) })),
    ...(hidden.length === 0 ? [] : [{ kind: 'note', line: [hidden.join(' ')] } as const]),
  ];
}

function alertLine(alert: FiringAlert): Line {
  const where = ['instance', 'pod', 'namespace', 'cluster', 'region', 'job']
    .flatMap((name) => alert.labels[name] ?? [])
    .slice(0, 2);
  const severity = alert.severity === '' ? '' : ` (${alert.severity})`;
  const summary = alert.summary === '' ? '' : `: ${alert.summary}`;
  const at = where.length === 0 ? '' : `, ${where.join(', ')}`;
  const name: Span =
    alert.url === null
      ? { kind: 'strong', text: alert.name }
      : { kind: 'link', text: alert.name, url: alert.url };
  return [name, `${severity}${at}${summary}${alert.endsAt === null ? '' : ' – over'}`];
}

/** Whom to ask and what to read, while it rings. */
function help({ phase, onCall, alerts }: AlertGroup): readonly Block[] {
  if (phase !== 'firing') return [];
  const runbook = alerts.flatMap((alert) => alert.runbook ?? [])[0];
  const asked: Line =
    onCall === null
      ? []
      : onCall.people.length === 0
        ? [`On call: ${onCall.because}`]
        : ['On call: ', { kind: 'strong', text: onCall.people.join(', ') }];
  const read: Line = runbook === undefined ? [] : [{ kind: 'link', text: 'Runbook', url: runbook }];
  if (asked.length + read.length === 0) return [];
  const line = asked.length === 0 || read.length === 0 ? [] : [' · '];
  return [{ kind: 'text', line: [...asked, ...line, ...read] }];
}

function told(
  group: AlertGroup,
  suspects: readonly SuspectNow[],
  context: CardContext,
): readonly Block[] {
  if (aimsOf(group).length === 0) {
    const unplaced = 'The settings do not tell which service this is about.';
    return [{ kind: 'note', line: [unplaced] }, ...blamed(group, []), ...clearedNotes(group)];
  }
  const open = openSuspects(group, suspects);
  if (open.length === 0) {
    const none = suspects.length === 0 ? 'No release fits in time.' : 'No suspect is left.';
    return [{ kind: 'note', line: [none] }, ...blamed(group, open), ...clearedNotes(group)];
  }
  const actions = suspectActions(group, suspects, context.now);
  return [
    { kind: 'divider' },
    ...open.flatMap((one, index): readonly Block[] => {
      const buttons = (actions[index] ?? []).map((action) => buttonOf(action, context));
      return [
        { kind: 'text', line: suspectLine(group, one, context) },
        ...(buttons.length === 0 ? [] : [{ kind: 'buttons', buttons } as const]),
      ];
    }),
    ...blamed(group, open),
    ...clearedNotes(group),
  ];
}

/** Releases that it is held against without being named above: a person has said so. */
function blamed(group: AlertGroup, named: readonly SuspectNow[]): readonly Block[] {
  return group.linked
    .filter(
      ({ rollout }) =>
        !named.some(({ suspect }) => suspect.rollout === rollout) &&
        !group.cleared.some((one) => one.rollout === rollout),
    )
    .map((link) => ({ kind: 'note', line: [`${link.rollout}: ${linkWords(link)}`] }));
}

function clearedNotes(group: AlertGroup): readonly Block[] {
  return group.cleared.map(({ rollout, by, reason }) => ({
    kind: 'note',
    line: [
      `${rollout} is not related, says `,
      { kind: 'person', account: by.account, name: by.displayName },
      reason === '' ? '.' : `: ${reason}`,
    ],
  }));
}

function footer(group: AlertGroup, context: CardContext): Line {
  const url = group.url;
  const from: Span = url === null ? group.source : { kind: 'link', text: group.source, url };
  const times = group.episode - group.thread + 1;
  const again = times === 1 ? '' : ` · ${times} times`;
  return [
    from,
    ` · ${group.receiver}${again} · `,
    { kind: 'code', text: `/${context.command} alerts` },
  ];
}
