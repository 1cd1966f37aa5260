import type { AlertEvent } from '#core/alerts/events.ts';
import type { AlertGroup } from '#core/alerts/group.ts';
import type { Line, Tone, View } from '#core/message.ts';
import { alertTitle } from './alert-card.ts';
import { closed } from './sentence.ts';

/** The note that an event leaves in the alert's thread; null when the card says enough. */
export function alertNote(event: AlertEvent, group: AlertGroup, first: boolean): View | null {
  const said = tell(event, group, first);
  if (said === null) return null;
  const [tone, line] = said;
  return {
    tone,
    title: alertTitle(group),
    summary: line.map((span) => (typeof span === 'string' ? span : wordsOf(span))).join(''),
    blocks: [{ kind: 'text', line }],
  };
}

function tell(event: AlertEvent, group: AlertGroup, first: boolean): readonly [Tone, Line] | null {
  switch (event.kind) {
    case 'episode.opened':
      if (event.thread === event.episode) return null;
      return ['danger', [{ kind: 'strong', text: 'It fires again.' }]];
    case 'alert.fired': {
      // Those that came with the card stand on it.
      if (first) return null;
      const summary = event.summary === '' ? '.' : `: ${closed(event.summary)}`;
      const name = { kind: 'strong', text: event.name } as const;
      return ['danger', [name, ` fires as well${summary}`]];
    }
    case 'suspect.cleared':
      return [
        'neutral',
        [
          { kind: 'person', account: event.by.account, name: event.by.displayName },
          ` says that ${event.rollout} has nothing to do with it${event.reason === '' ? '.' : `: ${closed(event.reason)}`}`,
        ],
      ];
    case 'release.linked':
      if (event.by === undefined && event.because === undefined) return null;
      return [
        'danger',
        [...blamer(event), `: it is held against it. ${reasonOf(event.because)}`.trimEnd()],
      ];
    case 'release.freed':
      return ['neutral', [`It is not held against ${event.rollout}: ${closed(event.because)}`]];
    case 'episode.raised':
      return ['warning', [`${group.title} ${closed(event.because)}`]];
    case 'episode.closed':
      return event.because === 'resolved'
        ? ['success', [{ kind: 'strong', text: 'Resolved.' }]]
        : ['neutral', ['Nobody repeats this alert any more: it is taken to be over.']];
    default:
      return null;
  }
}

function blamer({ by, rollout }: Extract<AlertEvent, { kind: 'release.linked' }>): Line {
  if (by === undefined) return [`${rollout} is the likely cause`];
  const who = { kind: 'person', account: by.account, name: by.displayName } as const;
  return [who, ` says that ${rollout} caused it`];
}

function reasonOf(because: string | undefined): string {
  return because === undefined || because === '' ? '' : closed(because);
}

function wordsOf(span: Exclude<Line[number], string>): string {
  if (span.kind === 'person' || span.kind === 'group') return span.name;
  return span.kind === 'time' ? '' : span.text;
}
