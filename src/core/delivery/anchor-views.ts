import type { View } from '#core/message.ts';

/** What is left in a message that was too old to edit: where the card went, and no buttons. */
export function pointerView(view: View): View {
  return {
    tone: 'neutral',
    title: view.title,
    summary: `${view.title} continues in a newer message below.`,
    blocks: [{ kind: 'note', line: ['Continues in a newer message below.'] }],
  };
}

/** A card whose former message was deleted, posted again. */
export function repostedView(view: View): View {
  return {
    ...view,
    blocks: [
      ...view.blocks,
      { kind: 'note', line: ['Posted again: the earlier message is no longer there.'] },
    ],
  };
}

/** The least that can be said, for a platform that refused the message as it was. */
export function bareView(view: View): View {
  return {
    tone: view.tone,
    title: view.title,
    summary: view.summary,
    blocks: [
      { kind: 'text', line: [view.summary] },
      ...view.blocks.filter(({ kind }) => kind === 'buttons'),
    ],
  };
}
