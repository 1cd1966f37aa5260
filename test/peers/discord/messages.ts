import { type Answer, failed, nothing, ok } from './answers.ts';
import { may } from './permissions.ts';
import type { Request, RouteParts } from './request.ts';
import { type Attachment, application, type Message, type State, snowflake } from './state.ts';
import { MessageBody, wantedFiles } from './validate.ts';

/** The body of a message that passes; else what Discord says. */
function checked(
  parts: RouteParts,
  request: Request,
  present: readonly Attachment[] = [],
): MessageBody | Answer {
  const read = MessageBody.safeParse(request.body);
  const wrong = read.success ? wrongFiles(read.data, request, present) : read.error.message;
  if (wrong === null && read.success) return read.data;
  parts.refused.push(`${request.method} ${request.path}: ${wrong}`);
  return {
    ...failed(400, 50_035, 'Invalid Form Body'),
    body: { code: 50_035, message: 'Invalid Form Body', errors: {} },
  };
}

function wrongFiles(
  { components, attachments }: MessageBody,
  { files }: Request,
  present: readonly Attachment[],
): string | null {
  const kept = present.filter(({ id }) => attachments.some((one) => one.id === id));
  const known = attachments.filter(({ id }) => typeof id === 'string');
  if (known.length > kept.length) return 'an attachment that the message does not have';
  const names = new Set([
    ...files.map(({ name }) => name),
    ...kept.map(({ filename }) => filename),
  ]);
  const missing = wantedFiles(components).find((name) => !names.has(name));
  if (missing !== undefined) return `no attachment ${missing}`;
  if (files.some(({ data }) => data.length > 10 * 1_048_576)) return 'file too large';
  const broken = files.find(({ name, data }) => name.endsWith('.png') && !isPng(data));
  return broken === undefined ? null : `${broken.name} is no picture`;
}

/** Its signature, a first chunk with its size, and the last chunk. */
function isPng(data: Uint8Array): boolean {
  const text = Buffer.from(data).toString('latin1');
  return text.startsWith('\x89PNG\r\n\x1a\n\0\0\0\rIHDR') && text.endsWith('IEND\xaeB`\x82');
}

function isAnswer(value: MessageBody | Answer): value is Answer {
  return 'status' in value;
}

export function postMessage(parts: RouteParts, request: Request, [id]: readonly string[]): Answer {
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
    attachments: files.map(({ name, data }) => ({ id: snowflake(at), filename: name, data })),
    alone,
    edits: 0,
  };
  state.messages.push(message);
  return message;
}

export function editMessage(
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
  const body = checked(parts, request, message.attachments);
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
  const added = files.map(({ name, data }) => ({
    id: snowflake(state.now()),
    filename: name,
    data,
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
    attachments: message.attachments.map(({ id, filename, data }) => ({
      id,
      filename,
      size: data.length,
    })),
    embeds: [],
    timestamp: new Date(message.at).toISOString(),
    edited_timestamp: null,
  };
}

export function readHistory({ state }: RouteParts, _: Request, [id]: readonly string[]): Answer {
  const channel = state.channels.get(id ?? '');
  if (channel === undefined) return failed(404, 10_003, 'Unknown Channel');
  if (!may(state, application, channel.id, 10)) return failed(403, 50_001, 'Missing Access');
  if (!may(state, application, channel.id, 16)) return failed(403, 50_013, 'Missing Permissions');
  const own = state.messages.filter((one) => one.channel === id && one.alone === null);
  return ok(own.slice(-100).toReversed().map(messageJson));
}

export function editOriginal(
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
  const message = state.messages.find(({ id }) => id === interaction.original);
  if (message === undefined) return failed(404, 10_008, 'Unknown Message');
  const body = checked(parts, request, message.attachments);
  if (isAnswer(body)) return body;
  change(state, message, body, request);
  return ok(messageJson(message));
}

export function deleteOriginal(
  { state }: RouteParts,
  _: Request,
  [, token]: readonly string[],
): Answer {
  const interaction = [...state.interactions.values()].find((one) => one.token === token);
  if (interaction === undefined) return failed(404, 10_015, 'Unknown Webhook');
  state.messages = state.messages.filter(({ id }) => id !== interaction.original);
  return nothing;
}
