import { WebAPIPlatformError } from '@slack/web-api';
import { z } from 'zod';
import { Fault } from '#core/fault.ts';
import type { Chart, View } from '#core/message.ts';
import type { ChartPainter } from '#ports/chart-painter.ts';
import type { ChatPlatform, MessageRef } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';
import type { ChannelRef } from '#ports/gateway.ts';
import type { Log } from '#ports/log.ts';
import { answerByUrl } from './answer-by-url.ts';
import { type FailedCall, toFault } from './faults.ts';
import { findMessage, keyMetadata } from './find-message.ts';
import type { Installation, Installations } from './installations.ts';
import type { SlackOptions } from './options.ts';
import { createPictures, type Pictures } from './pictures.ts';
import { createReplyPace } from './reply-pace.ts';
import { isResponseUrl, ReplyTo } from './reply-to.ts';
import { narrowScope, scopesOf } from './scopes.ts';
import { type Rendered, render } from './view-blocks.ts';

const Posted = z.object({ channel: z.string(), ts: z.string() });
const Opened = z.object({ channel: z.object({ id: z.string() }) });

interface PlatformParts {
  readonly installations: Installations;
  readonly options: Pick<SlackOptions, 'api' | 'charts'>;
  /** Draws for workspaces without charts of their own; absent: charts become tables there. */
  readonly painter?: ChartPainter;
  readonly clock: Clock;
  readonly log: Log;
}

/** Always the same: data never becomes a mention, a link preview or markup. */
const inert = {
  unfurl_links: false,
  unfurl_media: false,
  parse: 'none',
  link_names: false,
} as const;

/** Slack as a chat platform. It paces nothing and repeats nothing: the scheduler does both. */
export function createSlackPlatform(parts: PlatformParts): ChatPlatform {
  const { installations, options, painter, clock, log } = parts;
  const pictures: Pictures | null =
    painter === undefined ? null : createPictures({ painter, api: options.api, log });
  const replies = createReplyPace(clock);
  /** Conversations with one person each, by person: their ids never change. */
  const conversations = new Map<string, string>();
  /** Workspaces that said that they have no native charts. */
  const chartless = new Set<string>();

  /** One call with a view, drawn as well as the workspace can show it. */
  async function withView<T>(
    tenant: string,
    view: View,
    call: FailedCall,
    attempt: Attempt<T>,
  ): Promise<T> {
    try {
      const installation = await installations.of(tenant);
      return await accepted(installation, view, levelsOf(view, tenant), attempt);
    } catch (error) {
      throw toFault(error, call);
    }
  }

  /** What Slack refuses as a whole it has not posted, so it is tried again with poorer charts. */
  async function accepted<T>(
    installation: Installation,
    view: View,
    [level, ...poorer]: Levels,
    attempt: Attempt<T>,
  ): Promise<T> {
    const files = level === 'image' ? await pictures?.of(installation, view) : undefined;
    const rendered = render(view, {
      charts: level === 'native',
      now: clock.now(),
      blocksMax: 50,
      buttons: true,
      ...(files === undefined ? {} : { pictures: files }),
    });
    const [next, ...rest] = poorer;
    try {
      return await attempt(rendered, installation, files ?? new Map());
    } catch (error) {
      if (next === undefined || !refusedBlocks(error)) throw error;
      const answer = await accepted(installation, view, [next, ...rest], attempt);
      if (level === 'native') noteChartless(installation.tenant);
      return answer;
    }
  }

  /** The ways to draw a view in a workspace, best first. */
  function levelsOf(view: View, tenant: string): Levels {
    if (options.charts === 'text' || !hasChart(view)) return ['table'];
    const pictured: Levels = pictures === null ? ['table'] : ['image', 'table'];
    const own = options.charts === 'native' && !chartless.has(tenant);
    return own ? ['native', ...pictured] : pictured;
  }

  function noteChartless(tenant: string): void {
    if (chartless.has(tenant)) return;
    chartless.add(tenant);
    log.info('This Slack workspace draws no charts yet: Signalbox draws them', { tenant });
  }

  function post(channel: ChannelRef, view: View, key: string | null): Promise<MessageRef> {
    const call = { kind: 'post', scope: narrowScope('post', channel) } as const;
    return withView(channel.tenant, view, call, async (rendered, installation, files) => {
      const answer = await installation.clients.write.apiCall('chat.postMessage', {
        channel: channel.channel,
        ...rendered,
        ...inert,
        ...(key === null ? {} : { metadata: keyMetadata(key) }),
        ...(channel.thread === null ? {} : { thread_ts: channel.thread }),
      });
      const posted = Posted.parse(answer);
      pictures?.shown(installation, posted.ts, files.values());
      return { channel: { ...channel, channel: posted.channel }, message: posted.ts };
    });
  }

  /** Null when there is no address of Slack's that still works. */
  function addressOf(to: ReplyTo): string | null {
    if (to.responseUrl === null || to.until <= clock.now()) return null;
    return isResponseUrl(to.responseUrl, options.api) ? to.responseUrl : null;
  }

  return {
    name: 'slack',
    capabilities: {
      ephemeral: 'anytime',
      chart: options.charts,
      confirm: 'native',
      commandInThread: false,
      editScope: 'tenant',
      editAgeMaxMs: null,
      dedupeSend: false,
      relativeTime: true,
    },
    scopes: scopesOf,
    post,
    find,
    async edit({ channel, message }, view) {
      const call = { kind: 'edit', scope: narrowScope('edit', channel) } as const;
      await withView(channel.tenant, view, call, async (rendered, installation, files) => {
        await installation.clients.write.apiCall('chat.update', {
          channel: channel.channel,
          ts: message,
          ...rendered,
          parse: 'none',
          link_names: false,
        });
        pictures?.shown(installation, message, files.values());
      });
    },
    async reply(replyTo, { visibility, view }) {
      const read = ReplyTo.safeParse(replyTo);
      if (!read.success) {
        throw new Fault('chat.invalid', 'Not a reply address of Slack', { retryable: false });
      }
      const to = read.data;
      const channel = { platform: 'slack', ...to, channel: to.channel ?? to.user };
      const call = { kind: 'reply', scope: narrowScope('reply', channel) } as const;
      const alone = visibility === 'private';
      await withView(to.tenant, view, call, async (rendered, { clients }) => {
        const url = addressOf(to);
        if (url !== null) {
          await answerByUrl(url, rendered, { private: alone, thread: to.thread });
          return;
        }
        replies.take(scopesOf('reply', channel));
        const ephemeral = alone && to.channel !== null && !to.channel.startsWith('D');
        await clients.write.apiCall(ephemeral ? 'chat.postEphemeral' : 'chat.postMessage', {
          // Outside a channel, and for what is private there, the person's own conversation.
          channel: channel.channel,
          ...(ephemeral ? { user: to.user } : {}),
          ...(to.thread === null ? {} : { thread_ts: to.thread }),
          ...rendered,
          ...inert,
        });
      });
    },
    async tell({ tenant, user }, view, key, unclear = false) {
      const channel = await direct(tenant, user);
      const at = { platform: 'slack', tenant, channel, thread: null };
      return (unclear ? await find(at, key) : null) ?? (await post(at, view, key));
    },
  };

  async function find(channel: ChannelRef, key: string): Promise<MessageRef | null> {
    try {
      const { clients } = await installations.of(channel.tenant);
      const ts = await findMessage(clients.reads.decide, channel.channel, channel.thread, key);
      return ts === null ? null : { channel, message: ts };
    } catch (error) {
      throw toFault(error, { kind: 'read', scope: narrowScope('post', channel) });
    }
  }

  async function direct(tenant: string, user: string): Promise<string> {
    const known = conversations.get(`${tenant} ${user}`);
    if (known !== undefined) return known;
    try {
      const { clients } = await installations.of(tenant);
      // Opening an open conversation changes nothing, so the reading client may repeat it.
      const { channel } = Opened.parse(
        await clients.reads.decide('conversations.open', { users: user }),
      );
      if (conversations.size > 10_000) conversations.clear();
      conversations.set(`${tenant} ${user}`, channel.id);
      return channel.id;
    } catch (error) {
      throw toFault(error, { kind: 'read', scope: '' });
    }
  }
}

/** How charts are shown. */
type Level = 'native' | 'image' | 'table';
type Levels = readonly [Level, ...Level[]];

/** One try with a message as it was drawn, and with the files in it, by chart. */
type Attempt<T> = (
  rendered: Rendered,
  installation: Installation,
  files: ReadonlyMap<Chart, string>,
) => Promise<T>;

function hasChart(view: View): boolean {
  return view.blocks.some(({ kind }) => kind === 'chart');
}

function refusedBlocks(error: unknown): boolean {
  if (error instanceof Fault) return error.code === 'chat.invalid';
  if (!(error instanceof WebAPIPlatformError)) return false;
  return ['invalid_blocks', 'invalid_blocks_format'].includes(error.data.error);
}
