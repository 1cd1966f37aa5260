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

function wordsOf(span: Exclude<Line[number], string>): string {
  if (span.kind === 'person' || span.kind === 'group') return span.name;
  return span.kind === 'time' ? '' : span.text;
}
