import { type AlertGroup, beganAt, worstEffect } from '#core/alerts/group.ts';
import {
  type DigestContents,
  type DigestPlace,
  type DigestQuestion,
  type Drifted,
  digestContents,
  staleLockMs,
} from '#core/digest/contents.ts';
import type { ComingFreeze } from '#core/digest/freezes-ahead.ts';
import { formatDuration } from '#core/duration.ts';
import type { LinkedAlert } from '#core/figures/deployments.ts';
import { type FigureQuestion, figuresOf } from '#core/figures/figures.ts';
import { previousWindow, trendOf } from '#core/figures/trend.ts';
import type { Instant } from '#core/ids.ts';
import type { Block, Field, Line, Span, View } from '#core/message.ts';
import type { PlaceState } from '#core/place.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { alertTitle } from './alert-card.ts';
import { releaseSpan } from './card-context.ts';
import { closed } from './sentence.ts';
import { standing, subjectOf } from './standing.ts';
import { figureWords, fourFigures, trendWords, weeksChart } from './stats-view.ts';

/** Lines of a section; what is beyond is counted. */
const linesAtMost = 10;

/** How a digest says which time it is about, and where its links lead. */
export interface DigestWording {
  /** After "since" or "in": `in the last day`. */
  readonly period: string;
  /** Base URL of the console, for links; null without one. */
  readonly consoleUrl: string | null;
}

/** The releases of some time in one message; a quiet time is one line. */
export function digestView(question: DigestQuestion, wording: DigestWording): View {
  const contents = digestContents(question);
  const summary = summaryOf(contents, wording.period);
  return {
    tone: isBad(contents) ? 'warning' : 'neutral',
    title: `Releases ${wording.period}`,
    summary,
    blocks: [
      { kind: 'text', line: [{ kind: 'strong', text: summary }] },
      ...(contents.quiet ? [] : sections(contents, question, wording)),
    ],
  };
}

/** A mere note of an alert is no reason for alarm. */
function isBad({ wentBack, caught, rang, unheld, drifts }: DigestContents): boolean {
  const grave = unheld.filter(({ alerts }) => worstEffect(alerts) !== 'note');
  return wentBack.length + caught.length + rang.length + grave.length + drifts.length > 0;
}

function summaryOf(contents: DigestContents, period: string): string {
  if (contents.quiet) return `Nothing was released ${period}, and nothing waits.`;
  const { shipped, caught, wentBack, inFlight, toApprove, waiting } = contents;
  const { rang, unheld, drifts } = contents;
  const counts: readonly (readonly [number, string])[] = [
    [shipped.length, 'shipped'],
    [rang.length, 'with alerts'],
    [caught.length, 'caught before all of the traffic'],
    [wentBack.length, 'went back'],
    [inFlight.length, 'on the way'],
    [toApprove.length, 'to approve'],
    [waiting.length, 'waiting'],
    [unheld.length, unheld.length === 1 ? 'other alert' : 'other alerts'],
    [drifts.length, 'not as released'],
  ];
  const parts = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const said = parts.length === 0 ? 'nothing was released' : parts.join(', ');
  return `${period.charAt(0).toUpperCase()}${period.slice(1)}: ${said}.`;
}

function sections(
  contents: DigestContents,
  question: DigestQuestion,
  { consoleUrl }: DigestWording,
): readonly Block[] {
  const { now } = question;
  const named = (state: RolloutState): Span => linked(state, consoleUrl);
  const since = (at: Instant) => formatDuration((now - at) / 1000);
  return [
    // What waits for people, then what went wrong, then all the rest.
    ...section(
      'Waiting for approval',
      contents.toApprove.map((state) => [
        named(state),
        ` by ${state.requester.displayName}, for ${since(state.requestedAt)}`,
      ]),
    ),
    ...section(
      'Went back',
      contents.wentBack.map((state) => [named(state), why(state)]),
    ),
    ...section(
      'Caught before all of the traffic had it',
      contents.caught.map((state) => [named(state), why(state)]),
    ),
    ...section(
      'Alerts held against releases',
      contents.rang.map(({ state, alerts }) => [named(state), `: ${rangWords(alerts, now)}`]),
    ),
    ...section(
      'Alerts held against no release',
      contents.unheld.map((group) => [unheldWords(group, question)]),
    ),
    ...section('Not as released', contents.drifts.map(driftWords)),
    ...section(
      'Shipped',
      contents.shipped.map((state) => [
        named(state),
        ` by ${state.requester.displayName}${isTakenBack(state, contents) ? ', taken back since' : ''}`,
      ]),
    ),
    ...section(
      'On the way',
      contents.inFlight.map((state) => [
        named(state),
        `: ${standing(state)}, for ${since(state.startedAt ?? state.requestedAt)}`,
      ]),
    ),
    ...section(
      'Waiting',
      contents.waiting.map((state) => [
        named(state),
        `: ${standing(state)}, for ${since(state.requestedAt)}`,
      ]),
    ),
    ...section(
      'Locked',
      contents.locked.map((place) => lockLine(place, now)),
    ),
    ...section('Freezes', contents.freezes.map(freezeLine)),
    ...section(
      'Not yet everywhere',
      contents.behind.map((place) => behindLine(place, now)),
    ),
    { kind: 'text', line: [{ kind: 'strong', text: 'Figures' }] },
    { kind: 'fields', fields: figureFields(question.figures) },
    ...picture(question.figures),
  ];
}

function section(title: string, lines: readonly Line[]): readonly Block[] {
  if (lines.length === 0) return [];
  const more = lines.length - linesAtMost;
  return [
    { kind: 'text', line: [{ kind: 'strong', text: title }] },
    ...lines
      .slice(0, linesAtMost)
      .map((line) => ({ kind: 'text', line: ['• ', ...line] }) as const),
    ...(more > 0 ? [{ kind: 'note', line: [`and ${more} more`] } as const] : []),
  ];
}

function linked(state: RolloutState, consoleUrl: string | null): Span {
  const text = subjectOf(state);
  return releaseSpan(state.id, consoleUrl, { linked: text, plain: text });
}

/** Who took it back, or what did, and why. */
function why({ abort, requester, reason }: RolloutState): string {
  if (abort !== null) return `: ${closed(abort.cause.detail)}`;
  return ` by ${requester.displayName}${reason === '' ? ', without a reason.' : `: ${closed(reason)}`}`;
}

function isTakenBack({ service, environment, artifact }: RolloutState, all: DigestContents) {
  return all.wentBack.some(
    (back) =>
      back.service === service &&
      back.environment === environment &&
      back.plan?.previous?.digest === artifact.digest,
  );
}

function unheldWords(group: AlertGroup, { from, now }: DigestQuestion): string {
  const { phase, closedAt, past } = group;
  const lasted = formatDuration(((closedAt ?? now) - beganAt(group)) / 1000);
  const stands = phase === 'firing' ? `firing for ${lasted}` : `over after ${lasted}`;
  const times = 1 + past.filter(({ to }) => to > from).length;
  return `${alertTitle(group)}: ${stands}${times === 1 ? '' : `, ${times} times`}.`;
}

function driftWords({ service, environment, detail }: Drifted): Line {
  return [`${service} in ${environment}: ${closed(detail)}`];
}

function rangWords(alerts: readonly LinkedAlert[], now: Instant): string {
  const still = alerts.filter(({ resolvedAt }) => resolvedAt === null);
  const first = Math.min(...alerts.map(({ startsAt }) => startsAt));
  const count = alerts.length === 1 ? '1 alert' : `${alerts.length} alerts`;
  const state = still.length === 0 ? 'all over' : `${still.length} still firing`;
  return `${count}, the first ${formatDuration((now - first) / 1000)} ago, ${state}.`;
}

function lockLine({ service, environment, lock }: PlaceState, now: Instant): Line {
  if (lock === null) return [];
  const age = now - lock.since;
  const line: Line = [
    `${service} in ${environment} by ${lock.by.displayName}, for ${formatDuration(age / 1000)}: ${closed(lock.reason)}`,
  ];
  return age < staleLockMs ? line : [...line, ' ', { kind: 'strong', text: 'Still needed?' }];
}

function freezeLine({ where, reason, from, until }: ComingFreeze): Line {
  if (from !== null) return [`${where} from `, time(from), `: ${closed(reason)}`];
  if (until === null) return [`${where} now, until somebody thaws it: ${closed(reason)}`];
  return [`${where} now, until `, time(until), `: ${closed(reason)}`];
}

function behindLine({ place, runs, promotable }: DigestPlace, now: Instant): Line {
  const here = runs === null ? 'runs nothing' : `runs ${runs.version}`;
  const { service, environment } = place;
  if (promotable === null) return [];
  const ready = formatDuration((now - promotable.since) / 1000);
  return [
    `${service} in ${environment} ${here}; ${promotable.artifact.version} is ready before it, for ${ready}.`,
  ];
}

function time(at: Instant): Span {
  return { kind: 'time', at, as: 'date' };
}

function figureFields(question: FigureQuestion): readonly Field[] {
  const now = figuresOf(question);
  const before = figuresOf({ ...question, window: previousWindow(question.window) });
  return fourFigures.map(([name, label]) => ({
    label,
    value: [
      `${figureWords(name, now[name])} ${trendWords(trendOf(name, now[name], before[name]))}`.trim(),
    ],
  }));
}

function picture(question: FigureQuestion): readonly Block[] {
  const { deployments, caughtInCanary } = figuresOf(question);
  if (deployments.n === 0 && caughtInCanary.n === 0) return [];
  return [{ kind: 'chart', chart: weeksChart(question) }];
}
