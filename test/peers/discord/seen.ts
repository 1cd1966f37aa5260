import { z } from 'zod';
import { tokenOf } from '#adapters/discord/custom-ids.ts';
import type { SeenMessage } from '../../contracts/chat.ts';
import type { Message } from './state.ts';

const Component: z.ZodType<Component> = z.object({
  type: z.number(),
  content: z.string().optional(),
  label: z.string().optional(),
  custom_id: z.string().optional(),
  components: z.array(z.lazy(() => Component)).optional(),
});
interface Component {
  readonly type: number;
  readonly content?: string | undefined;
  readonly label?: string | undefined;
  readonly custom_id?: string | undefined;
  readonly components?: readonly Component[] | undefined;
}

/** A message as a person sees it. */
export function seenMessage(message: Message): SeenMessage {
  const all = componentsOf(message);
  const read = all.filter(({ type }) => type === 10).map(({ content }) => shown(content ?? ''));
  const allowed = message.allowed ?? ['users', 'roles', 'everyone'];
  return {
    message: message.id,
    text: read.map(({ text }) => text).join('\n'),
    buttons: all
      .filter(({ type }) => type === 2)
      .map(({ label, custom_id }) => ({
        label: label ?? '',
        token: tokenOf(custom_id ?? '') ?? '',
      })),
    pings: read.flatMap(({ pings }) => pings).filter((ping) => allowed.includes(kindOf(ping))),
  };
}

/** Every component of a message, those within others too. */
export function componentsOf(message: Message): readonly Component[] {
  return z.array(Component).parse(message.components).flatMap(flatten);
}

function flatten(one: Component): readonly Component[] {
  return [one, ...(one.components ?? []).flatMap(flatten)];
}

function kindOf(ping: string): string {
  if (ping.startsWith('<@&')) return 'roles';
  return ping.startsWith('<@') ? 'users' : 'everyone';
}

/** Markdown resolved: code as it is, escapes undone, links as their text, mentions collected. */
function shown(source: string): { readonly text: string; readonly pings: readonly string[] } {
  const pings: string[] = [];
  const syntax =
    /```\n?([\s\S]*?)\n?```|`([^`\n]+)`|\\([\\`*_~|<>[\]()#:@+.-])|\[((?:\\.|[^\]\\])+)\]\(<?[^)]*>?\)|(<@[!&]?\d+>|@everyone|@here)|(<[#:/][^>]*>)|<t:(\d+):\w>|(\*\*|__|~~|\|\||^### |^-# |^> |[*_~])/gm;
  const text = source.replace(syntax, (all, fence, code, escaped, link, ping, _other, time) => {
    if (ping !== undefined) {
      pings.push(ping);
      return ping;
    }
    if (link !== undefined) return shown(link).text;
    if (time !== undefined) return new Date(Number(time) * 1_000).toISOString();
    if (fence !== undefined || code !== undefined || escaped !== undefined) {
      return fence ?? code ?? escaped;
    }
    return all.startsWith('<') ? '(something else)' : '';
  });
  return { text, pings };
}
