import type { View } from './message.ts';
import type { TextOptions } from './message-pieces.ts';
import { viewRows } from './message-rows.ts';

/**
 * A view as plain text in rows of at most `options.width` columns: the last fallback of every
 * platform. Control characters and direction marks in the view do not get through.
 */
export function viewText(view: View, options: TextOptions): string {
  return viewRows(view, options)
    .map((row) =>
      row
        .map(({ text, url }) => (url === undefined ? text : `${text} <${url}>`))
        .join('')
        .replaceAll('\u00a0', ' ')
        .trimEnd(),
    )
    .join('\n');
}
