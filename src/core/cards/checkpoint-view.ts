import type { View } from '#core/message.ts';

/** A signed checkpoint, to be copied as it is: it is checked by its exact characters. */
export function checkpointView(checkpoint: string): View {
  return {
    tone: 'neutral',
    title: 'Checkpoint of the history',
    summary: 'A signed checkpoint of the release history.',
    blocks: [
      {
        kind: 'note',
        line: ['A signed checkpoint of the release history, kept here for whoever audits it.'],
      },
      { kind: 'code', text: checkpoint },
    ],
  };
}
