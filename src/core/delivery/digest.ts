import type { StepMark, Tone, View } from '#core/message.ts';
import type { Deliverable, Place } from './deliverable.ts';

/** Several urgent messages for one channel, told in one post. */
export interface Digest {
  readonly channel: Place;
  readonly surfaces: readonly Deliverable[];
}

/** The most messages in one digest: every platform holds that many lines. */
export const digestMax = 50;

const marks: Readonly<Record<Tone, StepMark>> = {
  neutral: 'pending',
  progress: 'running',
  waiting: 'paused',
  success: 'done',
  warning: 'errored',
  danger: 'failed',
};

const loudness: readonly Tone[] = [
  'danger',
  'warning',
  'waiting',
  'progress',
  'success',
  'neutral',
];

/** The digest as a message: a line for each, the loudest first. */
export function digestView(surfaces: readonly Deliverable[]): View {
  const views = surfaces
    .map(({ desired }) => desired)
    .toSorted((a, b) => loudness.indexOf(a.tone) - loudness.indexOf(b.tone));
  const summary = `${views.length} urgent messages: ${views
    .slice(0, 3)
    .map(({ title }) => title)
    .join(', ')}${views.length > 3 ? ' …' : ''}`;
  return {
    tone: views[0]?.tone ?? 'neutral',
    title: `${views.length} urgent messages`,
    summary,
    blocks: [
      {
        kind: 'steps',
        steps: views.map((view) => ({
          label: view.title,
          mark: marks[view.tone],
          detail: [view.summary],
        })),
      },
      {
        kind: 'note',
        line: ['Told together because they came faster than this channel takes them.'],
      },
    ],
  };
}

/** The key under which a digest can be found again: it names the first and the number of its messages. */
export function digestKey(surfaces: readonly Deliverable[]): string {
  const first = surfaces[0];
  return `digest.${first === undefined ? '' : `${first.id}.${first.desiredRevision}`}.${surfaces.length}`;
}
