import { type Answer, failed, ok } from './answers.ts';
import { deleteOriginal, editMessage, editOriginal, postMessage, readHistory } from './messages.ts';
import { may } from './permissions.ts';
import { type Request, type RouteParts, recordOf } from './request.ts';
import { publicKeyHex } from './signature.ts';
import { application, type Channel, guild, type State, snowflake } from './state.ts';
import { Commands } from './validate.ts';

type Handler = (parts: RouteParts, request: Request, ids: readonly string[]) => Answer;

/** Every route of ours, by method and pattern; `:` stands for one part of the path. */
const table: readonly (readonly [string, string, Handler])[] = [
  ['GET', '/gateway/bot', gatewayBot],
  [
    'GET',
    '/users/@me',
    ({ state }) => ok({ ...userOf(state, application), username: 'signalbox' }),
  ],
  [
    'GET',
    '/applications/@me',
    ({ state: { app } }) =>
      ok({
        id: application,
        name: 'signalbox',
        flags: app.flags,
        verify_key: publicKeyHex,
        interactions_endpoint_url: app.endpoint,
      }),
  ],
  ['POST', '/users/@me/channels', openDirect],
  ['POST', '/channels/:/messages', postMessage],
  ['PATCH', '/channels/:/messages/:', editMessage],
  ['GET', '/channels/:/messages', readHistory],
  ['POST', '/channels/:/messages/:/threads', openThread],
  ['PATCH', '/channels/:', changeChannel],
  ['GET', '/channels/:', readChannel],
  [
    'GET',
    '/guilds/:',
    ({ state }, _, [id]) =>
      id === guild
        ? ok({ id, name: 'peer', owner_id: state.owner, roles: rolesOf(state) })
        : failed(403, 50_001, 'Missing Access'),
  ],
  [
    'GET',
    '/guilds/:/roles',
    ({ state }, _, [id]) =>
      id === guild ? ok(rolesOf(state)) : failed(403, 50_001, 'Missing Access'),
  ],
  ['GET', '/guilds/:/members/:', readMember],
  [
    'GET',
    '/applications/:/guilds/:/commands',
    ({ state }, _, [app, where]) =>
      app === application && where === guild
        ? ok(state.commands)
        : failed(403, 50_001, 'Missing Access'),
  ],
  ['PUT', '/applications/:/guilds/:/commands', putCommands],
  ['PATCH', '/webhooks/:/:/messages/@original', editOriginal],
  ['DELETE', '/webhooks/:/:/messages/@original', deleteOriginal],
];

/** Finds and runs the route of a request. */
export function route(parts: RouteParts, request: Request): Answer {
  for (const [method, pattern, handle] of table) {
    if (method !== request.method) continue;
    const shape = new RegExp(`^${pattern.replaceAll(':', '([^/]+)')}$`);
    const [, ...ids] = shape.exec(request.path) ?? [null];
    if (shape.test(request.path))
      return handle(
        parts,
        request,
        ids.map((id) => decodeURIComponent(id ?? '')),
      );
  }
  return failed(404, 0, '404: Not Found');
}

function gatewayBot({ gatewayUrl, shards }: RouteParts): Answer {
  const limits = { total: 1_000, remaining: 999, reset_after: 1_000, max_concurrency: 16 };
  return ok({ url: gatewayUrl(), shards: shards(), session_start_limit: limits });
}

function rolesOf(state: State): unknown[] {
  return [...state.roles.values()].map((role) => ({
    ...role,
    position: 1,
    color: 0,
    hoist: false,
    mentionable: false,
  }));
}

export function userOf(state: State, id: string) {
  return {
    id,
    username: `user-${id.slice(-3)}`,
    discriminator: '0',
    global_name: null,
    avatar: null,
    bot: state.members.get(id)?.bot ?? false,
  };
}

export function memberOf(state: State, id: string) {
  const member = state.members.get(id);
  if (member === undefined) return null;
  return {
    user: userOf(state, id),
    roles: [...member.roles],
    nick: null,
    avatar: null,
    joined_at: '2026-01-01T00:00:00+00:00',
    deaf: false,
    mute: false,
    flags: 0,
    pending: member.pending,
    communication_disabled_until: member.timedOutUntil,
  };
}

function readMember({ state }: RouteParts, _: Request, [where, user]: readonly string[]): Answer {
  if (where !== guild) return failed(403, 50_001, 'Missing Access');
  const member = memberOf(state, user ?? '');
  return member === null ? failed(404, 10_007, 'Unknown Member') : ok(member);
}

export function channelOf(channel: Channel) {
  return {
    id: channel.id,
    type: channel.type,
    ...(channel.guild === null ? {} : { guild_id: channel.guild }),
    ...(channel.parent === null ? {} : { parent_id: channel.parent }),
    permission_overwrites: channel.overwrites,
    name: `c-${channel.id.slice(-3)}`,
    ...(channel.type === 11
      ? {
          thread_metadata: {
            archived: channel.archived,
            auto_archive_duration: 4_320,
            locked: false,
          },
        }
      : {}),
  };
}

function readChannel({ state }: RouteParts, _: Request, [id]: readonly string[]): Answer {
  const channel = state.channels.get(id ?? '');
  if (channel === undefined) return failed(404, 10_003, 'Unknown Channel');
  if (!may(state, application, channel.id, 10)) return failed(403, 50_001, 'Missing Access');
  return ok(channelOf(channel));
}

function openDirect({ state }: RouteParts, { body }: Request): Answer {
  const person = recordOf(body)['recipient_id'];
  if (typeof person !== 'string' || !state.members.has(person)) {
    return failed(400, 50_033, 'Invalid Recipient(s)');
  }
  const known = [...state.channels.values()].find((one) => one.person === person);
  const channel = known ?? {
    id: snowflake(state.now()),
    guild: null,
    type: 1,
    parent: null,
    person,
    overwrites: [],
    archived: false,
  };
  state.channels.set(channel.id, channel);
  return ok({ id: channel.id, type: 1 });
}

function openThread(
  { state }: RouteParts,
  { body }: Request,
  [channelId, id]: readonly string[],
): Answer {
  const channel = state.channels.get(channelId ?? '');
  if (channel === undefined) return failed(404, 10_003, 'Unknown Channel');
  if (!may(state, application, channel.id, 35)) return failed(403, 50_013, 'Missing Permissions');
  const message = state.messages.find((one) => one.id === id && one.channel === channelId);
  if (message === undefined) return failed(404, 10_008, 'Unknown Message');
  if (state.channels.has(message.id))
    return failed(400, 160_004, 'A thread has already been created for this message');
  const name = recordOf(body)['name'];
  if (typeof name !== 'string' || name.length < 1 || name.length > 100)
    return failed(400, 50_035, 'Invalid Form Body');
  const thread: Channel = {
    ...channel,
    id: message.id,
    type: 11,
    parent: channel.id,
    overwrites: [],
    archived: false,
  };
  state.channels.set(thread.id, thread);
  return ok(channelOf(thread));
}

function changeChannel({ state }: RouteParts, { body }: Request, [id]: readonly string[]): Answer {
  const channel = state.channels.get(id ?? '');
  if (channel === undefined) return failed(404, 10_003, 'Unknown Channel');
  if (channel.type === 11) channel.archived = recordOf(body)['archived'] === true;
  return ok(channelOf(channel));
}

function putCommands(
  parts: RouteParts,
  { body }: Request,
  [app, where]: readonly string[],
): Answer {
  if (app !== application || where !== guild) return failed(403, 50_001, 'Missing Access');
  const read = Commands.safeParse(body);
  if (!read.success) {
    parts.refused.push(read.error.message);
    return failed(400, 50_035, 'Invalid Form Body');
  }
  parts.state.commands = read.data.map((one) => ({
    ...one,
    id: snowflake(parts.state.now()),
    application_id: application,
  }));
  return ok(parts.state.commands);
}
