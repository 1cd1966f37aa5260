import type { Block, Line, Tone, View } from '#core/message.ts';

/**
 * A short answer: one line that says what happened, and below it what is worth knowing besides.
 * The first line is the summary too, so it must stand alone.
 */
export function noticeView(notice: {
  readonly tone: Tone;
  readonly title: string;
  readonly said: string;
  readonly more?: readonly Line[];
  readonly blocks?: readonly Block[];
}): View {
  return {
    tone: notice.tone,
    title: notice.title,
    summary: notice.said,
    blocks: [
      { kind: 'text', line: [{ kind: 'strong', text: notice.said }] },
      ...(notice.more ?? []).map((line) => ({ kind: 'text', line }) as const),
      ...(notice.blocks ?? []),
    ],
  };
}
