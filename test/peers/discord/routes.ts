import { type Answer, failed, nothing, ok } from './answers.ts';
import { may } from './permissions.ts';
import { application, type Channel, guild, type Message, type State, snowflake } from './state.ts';
import { Commands, MessageBody, wantedFiles } from './validate.ts';

/** One request, read. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly files: readonly { readonly name: string; readonly size: number }[];
}

export interface RouteParts {
  readonly state: State;
  /** Payloads that did not pass, for tests to find none. */
  readonly refused: string[];
  readonly gatewayUrl: () => string;
  readonly shards: () => number;
}

type Handler = (parts: RouteParts, request: Request, ids: readonly string[]) => Answer;

/** Every route of ours, by method and pattern; `:` stands for one part of the path. */
const table: readonly (readonly [string, string, Handler])[] = [
  ['GET', '/gateway/bot', gatewayBot],
  [
    'GET',
    '/users/@me',
    ({ state }) => ok({ ...userOf(state, application), username: 'signalbox' }),
  ],
  ['GET', '/applications/@me', () => ok({ id: application, name: 'signalbox' })],
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
  ['GET', '/applications/:/guilds/:/commands', ({ state }) => ok(state.commands)],
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

/** The body of a message that passes; else what Discord says. */
function checked(parts: RouteParts, request: Request): MessageBody | Answer {
  const read = MessageBody.safeParse(request.body);
  const wrong = read.success ? missingFiles(read.data, request) : read.error.message;
  if (wrong === null && read.success) return read.data;
  parts.refused.push(`${request.method} ${request.path}: ${wrong}`);
  return {
    ...failed(400, 50_035, 'Invalid Form Body'),
    body: { code: 50_035, message: 'Invalid Form Body', errors: {} },
  };
}

function missingFiles({ components, attachments }: MessageBody, { files }: Request): string | null {
  const names = new Set([
    ...files.map(({ name }) => name),
    ...attachments.flatMap(({ id }) => (typeof id === 'string' ? ['chart.png'] : [])),
  ]);
  const missing = wantedFiles(components).find((name) => !names.has(name));
  if (missing !== undefined) return `no attachment ${missing}`;
  if (files.some(({ size }) => size > 10 * 1_048_576)) return 'file too large';
  return null;
}

function isAnswer(value: MessageBody | Answer): value is Answer {
  return 'status' in value;
}

function postMessage(parts: RouteParts, request: Request, [id]: readonly string[]): Answer {
  const { state } = parts;
  const channel = state.channels.get(id ?? '');
  if (channel === undefined) return failed(404, 10_003, 'Unknown Channel');
  if (!may(state, application, channel.id, 10)) return failed(403, 50_001, 'Missing Access');
  const needed = channel.type === 11 ? 38 : 11;
  if (!may(state, application, channel.id, needed))
    return failed(403, 50_013, 'Missing Permissions');
  if (request.files.length > 0 && !may(state, application, channel.id, 15)) {
    return failed(403, 50_013, 'Missing Permissions');
  }
  const body = checked(parts, request);
  if (isAnswer(body)) return body;
  const nonce = body.nonce === undefined ? null : String(body.nonce);
  const same = state.messages.find(
    (one) =>
      body.enforce_nonce === true &&
      one.nonce === nonce &&
      one.channel === channel.id &&
      one.at > state.now() - 180_000,
  );
  if (same !== undefined) return ok(messageJson(same));
  channel.archived = false;
  const message = createMessage(parts, channel.id, body, request, nonce, null);
  return ok(messageJson(message));
}

export function createMessage(
  { state }: RouteParts,
  channel: string,
  body: MessageBody,
  { files }: Pick<Request, 'files'>,
  nonce: string | null,
  alone: string | null,
): Message {
  const at = state.now();
  const message: Message = {
    id: snowflake(at),
    channel,
    author: application,
    nonce,
    at,
    components: body.components,
    flags: body.flags,
    allowed: body.allowed_mentions?.parse ?? null,
    attachments: files.map(({ name, size }) => ({ id: snowflake(at), filename: name, size })),
    alone,
    edits: 0,
  };
  state.messages.push(message);
  return message;
}

function editMessage(
  parts: RouteParts,
  request: Request,
  [channelId, id]: readonly string[],
): Answer {
  const { state } = parts;
  const channel = state.channels.get(channelId ?? '');
  if (channel === undefined) return failed(404, 10_003, 'Unknown Channel');
  if (!may(state, application, channel.id, 10)) return failed(403, 50_001, 'Missing Access');
  const message = state.messages.find(
    (one) => one.id === id && one.channel === channelId && one.alone === null,
  );
  if (message === undefined) return failed(404, 10_008, 'Unknown Message');
  if (channel.archived) return failed(400, 50_083, 'Thread is archived');
  // Discord refuses this in the dress of a rate limit.
  if (state.now() - message.at > 3_600_000) {
    return {
      status: 429,
      headers: { 'retry-after': '1', 'x-ratelimit-scope': 'user' },
      body: {
        code: 30_046,
        message: 'Maximum number of edits to messages older than 1 hour reached',
        retry_after: 1,
        global: false,
      },
    };
  }
  const body = checked(parts, request);
  if (isAnswer(body)) return body;
  change(state, message, body, request);
  return ok(messageJson(message));
}

function change(state: State, message: Message, body: MessageBody, { files }: Request): void {
  message.components = body.components;
  message.flags |= body.flags;
  message.allowed = body.allowed_mentions?.parse ?? null;
  const kept = message.attachments.filter(({ id }) =>
    body.attachments.some((one) => one.id === id),
  );
  const added = files.map(({ name, size }) => ({
    id: snowflake(state.now()),
    filename: name,
    size,
  }));
  message.attachments = [...kept, ...added];
  message.edits += 1;
}

export function messageJson(message: Message) {
  return {
    id: message.id,
    channel_id: message.channel,
    type: 0,
    flags: message.flags,
    content: '',
    author: {
      id: message.author,
      username: 'signalbox',
      discriminator: '0',
      avatar: null,
      bot: true,
    },
    components: message.components,
    attachments: message.attachments,
    embeds: [],
    timestamp: new Date(message.at).toISOString(),
    edited_timestamp: null,
  };
}

function readHistory({ state }: RouteParts, _: Request, [id]: readonly string[]): Answer {
  const channel = state.channels.get(id ?? '');
  if (channel === undefined) return failed(404, 10_003, 'Unknown Channel');
  if (!may(state, application, channel.id, 10)) return failed(403, 50_001, 'Missing Access');
  if (!may(state, application, channel.id, 16)) return failed(403, 50_013, 'Missing Permissions');
  const own = state.messages.filter((one) => one.channel === id && one.alone === null);
  return ok(own.slice(-100).toReversed().map(messageJson));
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

function editOriginal(
  parts: RouteParts,
  request: Request,
  [app, token]: readonly string[],
): Answer {
  const { state } = parts;
  const interaction = [...state.interactions.values()].find((one) => one.token === token);
  if (
    app !== application ||
    interaction === undefined ||
    state.now() - interaction.at > 15 * 60_000
  ) {
    return failed(401, 50_027, 'Invalid Webhook Token');
  }
  if (interaction.answered === null) return failed(404, 10_015, 'Unknown Webhook');
  const body = checked(parts, request);
  if (isAnswer(body)) return body;
  const message = state.messages.find(({ id }) => id === interaction.original);
  if (message === undefined) return failed(404, 10_008, 'Unknown Message');
  change(state, message, body, request);
  return ok(messageJson(message));
}

function deleteOriginal({ state }: RouteParts, _: Request, [, token]: readonly string[]): Answer {
  const interaction = [...state.interactions.values()].find((one) => one.token === token);
  if (interaction === undefined) return failed(404, 10_015, 'Unknown Webhook');
  state.messages = state.messages.filter(({ id }) => id !== interaction.original);
  return nothing;
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
