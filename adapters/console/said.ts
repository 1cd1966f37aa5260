import type { Line, Span, View } from '#core/message.ts';
import { consoleTenant, type Roster } from './roster.ts';

/** What a person typed, as the server understands it. */
export type Said =
  | { readonly kind: 'command'; readonly text: string }
  | { readonly kind: 'talk'; readonly view: View };

/** A control or direction-changing character, other than a line break or tab. */
const unprintable = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;

/** Tells commands (`/release …`, `/…`, `@signalbox …`) from talk, whose mentions of people are found. */
export function readSaid(typed: string, roster: Roster): Said {
  const text = typed.replaceAll(unprintable, '').trim();
  const mention = /^@signalbox\b[:,]?\s*/i.exec(text);
  if (mention !== null) return { kind: 'command', text: text.slice(mention[0].length) };
  if (text.startsWith('/')) {
    const [first = '', ...rest] = text.slice(1).split(/\s+/);
    return {
      kind: 'command',
      text: (first === roster.command ? rest : [first, ...rest]).join(' '),
    };
  }
  const line = mentions(text, roster);
  return {
    kind: 'talk',
    view: { tone: 'neutral', title: '', summary: text, blocks: [{ kind: 'text', line }] },
  };
}

/** The view that shows which command somebody ran. */
export function commandView(text: string, roster: Roster): View {
  const typed = `/${roster.command} ${text}`.trim();
  const line: Line = [{ kind: 'code', text: typed }];
  return { tone: 'neutral', title: '', summary: typed, blocks: [{ kind: 'text', line }] };
}

function mentions(text: string, roster: Roster): Line {
  const line: Span[] = [];
  let from = 0;
  for (const match of text.matchAll(/(?<![\w@])@([a-z0-9][\w.-]{0,62})/giu)) {
    const person = roster.people.find((one) => one.user === match[1]?.toLowerCase());
    if (person === undefined) continue;
    if (match.index > from) line.push(text.slice(from, match.index));
    line.push({
      kind: 'person',
      account: { platform: 'console', tenant: consoleTenant, user: person.user },
      name: person.name,
    });
    from = match.index + match[0].length;
  }
  if (from < text.length) line.push(text.slice(from));
  return line;
}
