import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Fault } from '#core/fault.ts';
import type { View } from '#core/message.ts';
import type { ChatPlatform, MessageRef } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';
import type { ChannelRef, Reply } from '#ports/gateway.ts';
import type { Confirmations } from './confirmations.ts';
import { codeOf, type FailedCall, toFault } from './faults.ts';
import type { Picture, Pictures } from './pictures.ts';
import type { Json } from './plain-text.ts';
import { ReplyTo } from './reply-to.ts';
import type { Asked, DiscordRest } from './rest.ts';
import { scopesOf } from './scopes.ts';
import { RateLimitError } from './sdk.ts';
import { type Drawn, draw } from './view-components.ts';

const Posted = z.object({ id: z.string() });
const History = z.array(
  z.object({
    id: z.string(),
    components: z
      .array(z.object({ id: z.number().optional(), components: z.array(z.unknown()).optional() }))
      .default([]),
  }),
);
const Marked = z.object({ id: z.number().optional() });

/** Discord refuses edits of messages older than an hour. */
const editAgeMaxMs = 60 * 60_000;
/** Components v2, and no notification for edits. */
const componentsV2 = 32_768;

interface PlatformParts {
  readonly rest: DiscordRest;
  readonly pictures: Pictures;
  readonly confirmations: Confirmations;
  readonly charts: 'image' | 'text';
  readonly requestsPerSecond: number;
  readonly clock: Clock;
}

/** Discord as a chat platform. It paces nothing and repeats nothing: the scheduler does both. */
export function createDiscordPlatform(parts: PlatformParts): ChatPlatform {
  const { rest, pictures, confirmations, clock } = parts;

  /** What cards are called, for the threads under them. */
  const titles = new Map<string, string>();

  function remember(message: string, title: string): void {
    titles.set(message, title);
    const [oldest] = titles.keys();
    if (titles.size > 500 && oldest !== undefined) titles.delete(oldest);
  }

  async function render(
    view: View,
    message: string | null,
    key: string | null,
  ): Promise<{ readonly body: Json; readonly picture: Picture | null }> {
    confirmations.note(view);
    const chart = view.blocks.find((block) => block.kind === 'chart')?.chart;
    const picture =
      chart === undefined || parts.charts === 'text' ? null : await pictures.of(message, chart);
    const drawn: Drawn = draw(view, {
      now: clock.now(),
      picture: picture !== null,
      marks: key === null ? null : marksOf(key),
    });
    const body = {
      flags: componentsV2,
      components: drawn.components,
      allowed_mentions: { parse: [] },
      // An edit keeps only the attachments that it lists.
      attachments: picture?.attachments ?? [],
    };
    return { body, picture };
  }

  async function asking<T>(call: FailedCall, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toFault(error, call);
    }
  }

  async function post(channel: ChannelRef, view: View, key: string): Promise<MessageRef> {
    const { body, picture } = await render(view, null, key);
    const where = channel.thread ?? channel.channel;
    const asked: Asked = {
      method: 'POST',
      path: `/channels/${where}/messages`,
      body: { ...body, nonce: nonceOf(key), enforce_nonce: true },
      ...filesOf(picture),
    };
    return asking({ kind: 'post', at: channel }, async () => {
      const answer = await postOrOpen(channel, asked, view.title);
      const { id } = Posted.parse(answer);
      picture?.sent(id, answer);
      if (channel.thread === null) remember(id, view.title);
      return { channel, message: id };
    });
  }

  /** Posts; a thread that does not exist yet is opened under its message first. */
  async function postOrOpen(channel: ChannelRef, asked: Asked, name: string): Promise<unknown> {
    try {
      return await rest.ask(asked);
    } catch (error) {
      if (channel.thread === null || codeOf(error) !== 10_003) throw error;
      await openThread(channel.channel, channel.thread, titles.get(channel.thread) ?? name);
      return rest.ask(asked);
    }
  }

  async function openThread(channel: string, message: string, name: string): Promise<void> {
    try {
      const path = `/channels/${channel}/messages/${message}/threads` as const;
      const body = { name: threadName(name), auto_archive_duration: 4_320 };
      await rest.ask({ method: 'POST', path, body });
    } catch (error) {
      // Somebody else was faster: the thread is there.
      if (codeOf(error) === 160_004) return;
      throw error;
    }
  }

  async function edit({ channel, message }: MessageRef, view: View, key: string): Promise<void> {
    const { body, picture } = await render(view, message, key);
    const where = channel.thread ?? channel.channel;
    const asked: Asked = {
      method: 'PATCH',
      path: `/channels/${where}/messages/${message}`,
      body,
      ...filesOf(picture),
    };
    await asking({ kind: 'edit', at: channel }, async () => {
      try {
        const answer = await askAwake(rest, asked, channel);
        // An edit without a picture takes the one that was there away.
        if (picture === null) pictures.forget(message);
        else picture.sent(message, answer);
      } catch (error) {
        // It may have been made nevertheless, and what it left there has an id that nobody told us.
        if (!(error instanceof RateLimitError)) pictures.forget(message);
        throw error;
      }
    });
  }

  async function find(channel: ChannelRef, key: string): Promise<MessageRef | null> {
    const where = channel.thread ?? channel.channel;
    return asking({ kind: 'read', at: channel }, async () => {
      const [outer, inner] = marksOf(key);
      const history = await read(where);
      const found = history.find(({ components: [container] }) => {
        const first = Marked.safeParse(container?.components?.[0]).data;
        return container?.id === outer && first?.id === inner;
      });
      return found === undefined ? null : { channel, message: found.id };
    });
  }

  async function read(channel: string): Promise<z.infer<typeof History>> {
    try {
      const path = `/channels/${channel}/messages` as const;
      return History.parse(await rest.ask({ method: 'GET', path, query: { limit: '100' } }));
    } catch (error) {
      if (codeOf(error) === 10_003) return [];
      throw error;
    }
  }

  async function tell(
    account: { readonly tenant: string; readonly user: string },
    view: View,
    key: string,
    unclear = false,
  ): Promise<MessageRef> {
    const { tenant, user } = account;
    const at = { platform: 'discord', tenant, channel: `@${user}`, thread: null };
    const opened = await asking({ kind: 'read', at }, () =>
      rest.ask({ method: 'POST', path: '/users/@me/channels', body: { recipient_id: user } }),
    );
    const direct = { ...at, channel: Posted.parse(opened).id };
    // The nonce makes one message of a repeated key, but only for a few minutes.
    const before = unclear ? await find(direct, key) : null;
    return before ?? post(direct, withoutButtons(view), key);
  }

  async function reply(replyTo: unknown, { visibility, view }: Reply): Promise<void> {
    const to = ReplyTo.safeParse(replyTo).data;
    if (to === undefined) {
      throw new Fault('chat.invalid', 'Not a reply address of Discord', { retryable: false });
    }
    const channel = {
      platform: 'discord',
      tenant: to.tenant,
      channel: to.channel ?? '',
      thread: to.thread,
    };
    const original = `/webhooks/${to.application}/${to.token}/messages/@original` as const;
    const alive = to.until > clock.now();
    const call = { kind: 'reply', at: channel } as const;
    if (visibility === 'channel' && to.channel !== null) {
      await post(channel, view, `reply:${to.token}`);
      // The private "thinking" has said its part.
      if (alive) await forgetOriginal(original);
      return;
    }
    if (!alive) {
      await tell(to, view, `reply:${to.token}`);
      return;
    }
    const { body, picture } = await render(view, null, null);
    await asking(call, () =>
      rest.ask({ method: 'PATCH', path: original, body, auth: false, ...filesOf(picture) }),
    );
  }

  async function forgetOriginal(path: `/${string}`): Promise<void> {
    try {
      await rest.ask({ method: 'DELETE', path, auth: false });
    } catch (error) {
      const failed = toFault(error, { kind: 'read', at: { channel: '', thread: null } });
      if (!(failed instanceof Fault)) throw failed;
    }
  }

  return {
    name: 'discord',
    capabilities: {
      ephemeral: 'interaction',
      chart: parts.charts === 'image' ? 'image' : 'text',
      confirm: 'step',
      commandInThread: true,
      editScope: 'channel',
      editAgeMaxMs,
      dedupeSend: true,
      relativeTime: true,
    },
    scopes: (call, channel) => scopesOf(call, channel, parts.requestsPerSecond),
    post,
    find,
    edit,
    reply,
    tell,
  };
}

/** Asks; a thread that went to sleep meanwhile is woken first. */
async function askAwake(rest: DiscordRest, asked: Asked, { thread }: ChannelRef): Promise<unknown> {
  try {
    return await rest.ask(asked);
  } catch (error) {
    if (thread === null || codeOf(error) !== 50_083) throw error;
    const body = { archived: false };
    await rest.ask({ method: 'PATCH', path: `/channels/${thread}`, body });
    return rest.ask(asked);
  }
}

/** A press in a direct message counts for nothing, so none is offered there. */
function withoutButtons(view: View): View {
  const blocks = view.blocks.filter(({ kind }) => kind !== 'buttons');
  if (blocks.length === view.blocks.length) return view;
  const line = ['Decide in the server, on the card or in its thread: here no decision counts.'];
  return { ...view, blocks: [...blocks, { kind: 'note', line }] };
}

function filesOf(picture: Picture | null): Pick<Asked, 'files'> {
  return picture === null || picture.files.length === 0 ? {} : { files: picture.files };
}

/** At most 25 characters, the same for the same key. */
function nonceOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 24);
}

/** Two component ids that only a message with this key has: 31 bits each, never zero. */
function marksOf(key: string): readonly [number, number] {
  const hash = createHash('sha256').update(`mark:${key}`).digest();
  const outer = (hash.readUInt32BE(0) >>> 1) + 100;
  const inner = (hash.readUInt32BE(4) >>> 1) + 100;
  const most = 0x7fff_ffff;
  const first = Math.min(outer, most);
  return [first, Math.min(inner, most) === first ? 100 : Math.min(inner, most)];
}

function threadName(title: string): string {
  const name = title.trim().slice(0, 100);
  return name === '' ? 'Release' : name;
}
