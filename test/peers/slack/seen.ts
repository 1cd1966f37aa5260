import type { SeenMessage } from '../../contracts/chat.ts';
import type { Json, PeerMessage, Whisper } from './state.ts';

/** A message in Slack's client, with the ids of its buttons. */
export interface SeenInSlack extends SeenMessage {
  readonly buttons: readonly {
    readonly label: string;
    readonly token: string;
    readonly actionId: string;
  }[];
}

/** A message as a person reads it in Slack's client. */
export function seenMessage(message: PeerMessage | Whisper): SeenInSlack {
  const found: Found = { text: [], buttons: [], pings: [] };
  if (message.blocks.length === 0) found.text.push(rendered(message.text, found.pings));
  // Slack's fallback text can notify although blocks are what is shown.
  else rendered(message.text, found.pings);
  walk(message.blocks, found);
  return {
    message: 'ts' in message ? message.ts : '',
    text: found.text.join('\n'),
    buttons: found.buttons,
    pings: found.pings,
  };
}

interface Found {
  readonly text: string[];
  readonly buttons: {
    readonly label: string;
    readonly token: string;
    readonly actionId: string;
  }[];
  readonly pings: string[];
}

function walk(node: unknown, found: Found): void {
  if (Array.isArray(node)) {
    for (const one of node) walk(one, found);
    return;
  }
  if (!isJson(node)) return;
  switch (node['type']) {
    case 'button':
      found.buttons.push({
        label: textOf(node['text']),
        token: String(node['value']),
        actionId: String(node['action_id']),
      });
      return;
    case 'mrkdwn':
      found.text.push(rendered(String(node['text']), found.pings));
      return;
    case 'user':
    case 'broadcast':
    case 'usergroup':
      found.pings.push(JSON.stringify(node));
      return;
    case 'rich_text_section':
    case 'rich_text_preformatted':
      found.text.push(inline(node['elements'], found));
      return;
    case 'plain_text':
    case 'raw_text':
      found.text.push(String(node['text']));
      return;
    case 'image':
      found.text.push(String(node['alt_text']));
      return;
    case 'data_visualization':
      found.text.push(String(node['title']));
      return;
    default:
      for (const value of Object.values(node)) walk(value, found);
  }
}

function inline(elements: unknown, found: Found): string {
  if (!Array.isArray(elements)) return '';
  return elements
    .map((element: unknown) => {
      if (!isJson(element)) return '';
      if (['user', 'usergroup', 'broadcast'].includes(String(element['type']))) {
        found.pings.push(JSON.stringify(element));
      }
      return String(element['text'] ?? element['fallback'] ?? '');
    })
    .join('');
}

/** Markup resolved as the client does it, with what it notifies. */
function rendered(text: string, pings: string[]): string {
  const plain = text.replace(/<([^>]*)>/g, (_all, inside: string) => {
    if (/^[@!]/.test(inside)) pings.push(inside);
    return '';
  });
  return plain.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function textOf(node: unknown): string {
  return isJson(node) ? String(node['text']) : '';
}

export function isJson(node: unknown): node is Json {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}
