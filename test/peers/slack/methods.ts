import { whyBadBlocks, whyBadView } from './block-kit.ts';
import { fileMethods, filesSeen } from './files.ts';
import { isJson } from './seen.ts';
import {
  botUser,
  directChannel,
  type Json,
  type PeerMessage,
  type PeerState,
  type PeerUser,
  team,
} from './state.ts';
import type { Triggers } from './triggers.ts';

type Args = Readonly<Record<string, string>>;
type Answer = Json & { readonly ok: boolean };

const ok = (more: Json = {}): Answer => ({ ok: true, ...more });
const no = (error: string, more: Json = {}): Answer => ({ ok: false, error, ...more });

/** What the workspace is besides its data. */
export interface PeerRules {
  readonly charts: boolean;
  /** False: the workspace takes no files. */
  readonly files: boolean;
  readonly base: () => string;
  /** Of `auth.test`, and the scopes that the token has. */
  readonly who: (token: string) => Json;
  readonly socketUrl: () => string;
  readonly refused: (why: string) => void;
}

/** Every method that the peer knows. */
export function createMethods(
  state: PeerState,
  triggers: Triggers,
  rules: PeerRules,
): Readonly<Record<string, (args: Args) => Answer>> {
  function blocksOf(args: Args): readonly Json[] | Answer {
    if (args['blocks'] === undefined) return [];
    const blocks: unknown = JSON.parse(args['blocks']);
    const bad = whyBadBlocks(blocks);
    const charts = !rules.charts && args['blocks'].includes('"data_visualization"');
    if (bad !== null) rules.refused(bad);
    const unseen = !filesSeen(state, args['blocks']);
    if (bad !== null || charts || unseen || !Array.isArray(blocks)) return no('invalid_blocks');
    return blocks.filter(isJson);
  }

  function whyNotThere(channel: string): Answer | null {
    if (channel.startsWith('D')) return null;
    const found = state.channels.get(channel);
    if (found === undefined) return no('channel_not_found');
    if (found.facts['is_archived'] === true) return no('is_archived');
    if (found.members.has(botUser)) return null;
    return found.private ? no('channel_not_found') : no('not_in_channel');
  }

  const own = (channel: string, ts: string): PeerMessage | undefined =>
    state.messages.find((one) => one.channel === channel && one.ts === ts);

  function listed(args: Args, thread: string | null): Answer {
    const there = whyNotThere(args['channel'] ?? '');
    if (there !== null) return there;
    const all = state.messages.filter(
      (one) =>
        one.channel === args['channel'] &&
        (thread === null ? one.thread === null : one.thread === thread || one.ts === thread),
    );
    const messages = thread === null ? all.toReversed() : all;
    const from = Number(args['cursor'] ?? 0);
    const limit = Number(args['limit'] ?? 100);
    const more = from + limit < messages.length;
    return ok({
      messages: messages.slice(from, from + limit).map((one) => ({
        type: 'message',
        ts: one.ts,
        text: one.text,
        blocks: one.blocks,
        ...(args['include_all_metadata'] === 'true' ? { metadata: one.metadata } : {}),
      })),
      response_metadata: { next_cursor: more ? String(from + limit) : '' },
    });
  }

  function publish(args: Args, keep: (view: Json) => void): Answer {
    const view: unknown = JSON.parse(args['view'] ?? 'null');
    const bad = whyBadView(view);
    if (bad !== null) rules.refused(bad);
    if (bad !== null || !isJson(view)) return no('invalid_arguments', { bad });
    keep(view);
    return ok({ view });
  }

  return {
    ...fileMethods(state, rules),
    'auth.test': (args) =>
      ok({
        url: 'https://peer.slack.com/',
        team: 'Peer',
        team_id: team,
        user: 'signalbox',
        user_id: botUser,
        bot_id: 'B0000001',
        ...rules.who(args['token'] ?? ''),
      }),
    'apps.connections.open': () => ok({ url: rules.socketUrl() }),
    'chat.postMessage'(args) {
      const channel = addressed(args['channel'] ?? '');
      const refused = whyNotThere(channel) ?? whyBadText(args);
      if (refused !== null) return refused;
      const blocks = blocksOf(args);
      if (!Array.isArray(blocks)) return no('invalid_blocks');
      const thread = args['thread_ts'] ?? null;
      if (thread !== null && own(channel, thread) === undefined) return no('thread_not_found');
      const ts = state.nextTs();
      const metadata: unknown =
        args['metadata'] === undefined ? undefined : JSON.parse(args['metadata']);
      state.messages.push({
        ts,
        channel,
        thread,
        text: args['text'] ?? '',
        blocks,
        metadata,
        user: botUser,
      });
      return ok({ channel, ts, message: { ts, text: args['text'] } });
    },
    'chat.update'(args) {
      const message = own(args['channel'] ?? '', args['ts'] ?? '');
      if (message === undefined) return no('message_not_found');
      if (message.user !== botUser) return no('cant_update_message');
      if ((args['text'] ?? '').length > 4_000) return no('msg_too_long');
      const blocks = blocksOf(args);
      if (!Array.isArray(blocks)) return no('invalid_blocks');
      message.text = args['text'] ?? message.text;
      message.blocks = blocks;
      return ok({ channel: message.channel, ts: message.ts });
    },
    'chat.postEphemeral'(args) {
      const there = whyNotThere(args['channel'] ?? '');
      if (there !== null) return there;
      const user = args['user'] ?? '';
      if (state.channels.get(args['channel'] ?? '')?.members.has(user) !== true)
        return no('user_not_in_channel');
      const blocks = blocksOf(args);
      if (!Array.isArray(blocks)) return no('invalid_blocks');
      state.whispers.push({
        user,
        channel: args['channel'] ?? '',
        text: args['text'] ?? '',
        blocks,
      });
      return ok({ message_ts: state.nextTs() });
    },
    'chat.unfurl'(args) {
      const unfurls: unknown = JSON.parse(args['unfurls'] ?? 'null');
      if (!isJson(unfurls)) return no('cannot_parse_attachment');
      for (const one of Object.values(unfurls)) {
        if (!isJson(one) || whyBadBlocks(one['blocks']) !== null)
          return no('cannot_parse_attachment');
      }
      state.unfurls.push({ channel: args['channel'] ?? '', ts: args['ts'] ?? '', unfurls });
      return ok();
    },
    'conversations.open': (args) => ok({ channel: { id: directChannel(args['users'] ?? '') } }),
    'conversations.history': (args) => listed(args, null),
    'conversations.replies': (args) => listed(args, args['ts'] ?? ''),
    'conversations.info'(args) {
      const channel = state.channels.get(args['channel'] ?? '');
      const hidden = channel?.private === true && !channel.members.has(botUser);
      if (channel === undefined || hidden) return no('channel_not_found');
      const { id, members, facts } = channel;
      return ok({
        channel: { id, is_private: channel.private, is_member: members.has(botUser), ...facts },
      });
    },
    'conversations.members'(args) {
      const members = [...(state.channels.get(args['channel'] ?? '')?.members ?? [])];
      const from = Number(args['cursor'] ?? 0);
      // Pages may be short.
      const to = from + Math.min(Number(args['limit'] ?? 100), 3);
      return ok({
        members: members.slice(from, to),
        response_metadata: { next_cursor: to < members.length ? String(to) : '' },
      });
    },
    'users.info'(args) {
      const user = state.users.get(args['user'] ?? '');
      return user === undefined ? no('user_not_found') : ok({ user: userObject(user) });
    },
    'usergroups.list': () =>
      ok({
        usergroups: [...state.groups].map(([id, { facts }]) => ({ id, date_delete: 0, ...facts })),
      }),
    'usergroups.users.list'(args) {
      const group = state.groups.get(args['usergroup'] ?? '');
      return group === undefined ? no('no_such_subteam') : ok({ users: [...group.members] });
    },
    'views.open'(args) {
      const trigger = triggers.use(args['trigger_id'] ?? '');
      if (trigger !== 'ok') return no(trigger);
      return publish(args, (view) => state.views.set(`V${state.views.size + 1}`, view));
    },
    'views.publish': (args) =>
      publish(args, (view) => state.homes.set(args['user_id'] ?? '', view)),
  };
}

function addressed(channel: string): string {
  return channel.startsWith('U') ? directChannel(channel) : channel;
}

function whyBadText(args: Args): Answer | null {
  const text = args['text'] ?? '';
  if (text.length > 40_000) return no('msg_too_long');
  return text === '' && args['blocks'] === undefined ? no('no_text') : null;
}

function userObject(user: PeerUser): Json {
  return {
    id: user.id,
    team_id: user.team,
    deleted: user.deleted ?? false,
    is_bot: user.bot ?? false,
    is_restricted: user.guest ?? false,
    is_ultra_restricted: false,
    is_stranger: user.stranger ?? false,
    ...(user.enterprise === undefined
      ? {}
      : { enterprise_user: { enterprise_id: user.enterprise } }),
  };
}
