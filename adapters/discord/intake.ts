import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Clock } from '#ports/clock.ts';
import type { Gateway, Inbound } from '#ports/gateway.ts';
import type { Log } from '#ports/log.ts';
import { lineOf, restored, typedIn } from './command-options.ts';
import { type Confirmations, privately } from './confirmations.ts';
import { type Pressed, readId } from './custom-ids.ts';
import { askForm, filledIn, lineForm } from './forms.ts';
import { InteractionPayload } from './payloads.ts';
import { cut, type Json } from './plain-text.ts';
import { type ReplyTo, tokenLifeMs } from './reply-to.ts';

/** What Discord is told at once, and what is stored after that. */
export interface Taken {
  readonly id: string;
  readonly token: string;
  readonly application: string;
  readonly answer: Json;
  /** Stores the delivery; null where there is nothing to store. */
  readonly store: (() => Promise<void>) | null;
}

/** Reads interactions of either transport. */
export interface Intake {
  take(body: unknown): Promise<Taken>;
}

/** Discord waits three seconds for the first word. */
const completionMs = 2_000;

const deferred: Json = { type: 5, data: { flags: 64 } };
/** The confirmation itself becomes the answer. */
const updating: Json = { type: 6 };

export function createIntake(parts: {
  readonly gateway: Gateway;
  readonly confirmations: Confirmations;
  readonly guilds: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
}): Intake {
  const { gateway, confirmations, guilds, clock, log } = parts;

  function read(sent: InteractionPayload) {
    const typed = typedIn(sent);
    return typed === null ? null : restored(typed, gateway.commands);
  }

  function stored(
    sent: InteractionPayload,
    answer: Json,
    content: Inbound['content'],
    message: string | null,
  ): Taken {
    const inbound = inboundFrom(sent, guilds, content, message, clock.now());
    return {
      id: sent.id,
      token: sent.token,
      application: sent.application_id,
      answer,
      store: async () => void (await gateway.accept(inbound)),
    };
  }

  function pressed(sent: InteractionPayload, press: Pressed | null): Taken {
    const { id, token, application_id: application } = sent;
    const message = sent.message?.id ?? null;
    const only = (answer: Json): Taken => ({ id, token, application, answer, store: null });
    switch (press?.kind) {
      case undefined:
      case 'line':
        return only({ type: 4, data: note('This button is not one of Signalbox’s.') });
      case 'no':
        return only({ type: 7, data: note('Cancelled: nothing was done.') });
      case 'confirm': {
        const label = labelOf(sent);
        return only({ type: 4, data: confirmations.question(press.token, label, message ?? '0') });
      }
      case 'ask':
        return only({ type: 9, data: askForm(press, labelOf(sent), sent.data.custom_id) });
      case 'act':
        return stored(sent, deferred, act(press.token, null), message);
      case 'yes':
        return stored(sent, updating, act(press.token, null), press.message);
    }
  }

  function submitted(sent: InteractionPayload): Taken {
    const press = readId(sent.data.custom_id);
    const { id, token, application_id: application } = sent;
    if (press?.kind === 'line') {
      const text = `${filledIn(sent, 'command')} ${filledIn(sent, 'more')}`.trim();
      return stored(sent, deferred, { kind: 'command', text }, press.message);
    }
    if (press?.kind !== 'ask') return pressed(sent, null);
    const text = filledIn(sent, 'text');
    if (text === '' && press.required) {
      const data = note(`“${cut(press.label, 60)}” was left empty: nothing was done.`);
      return { id, token, application, answer: { type: 4, data }, store: null };
    }
    const content = act(press.token, text === '' ? null : text);
    return stored(sent, deferred, content, sent.message?.id ?? null);
  }

  /** A command that was chosen on a message: a form asks for the rest. */
  function onMessage(sent: InteractionPayload): Taken {
    const { id, token, application_id: application } = sent;
    const data = lineForm(sent.data.target_id ?? '0', gateway.commands);
    return { id, token, application, answer: { type: 9, data }, store: null };
  }

  async function completed(sent: InteractionPayload): Promise<Taken> {
    const { id, token, application_id: application } = sent;
    const choices = await inTime(suggestions(sent)).catch((error: unknown) => {
      log.warn('A completion of Discord led to nothing', { error });
      return [];
    });
    return { id, token, application, answer: { type: 8, data: { choices } }, store: null };
  }

  async function suggestions(sent: InteractionPayload): Promise<readonly Json[]> {
    const typed = read(sent);
    const { account, excluded } = inboundFrom(sent, guilds, act('', null), null, clock.now());
    const command = gateway.commands.find(({ name }) => name === typed?.command);
    const field = command?.fields.find(({ name }) => name === typed?.focused);
    if (typed === null || field === undefined || command === undefined) return [];
    if (excluded.length > 0) return [];
    const { [field.name]: prefix = '', ...given } = typed.values;
    const { name, kind } = field;
    const found = await gateway.complete({
      account,
      command: command.name,
      field: name,
      kind,
      prefix,
      given,
    });
    return found
      .filter(({ value }) => value.length > 0 && value.length <= 100)
      .slice(0, 25)
      .map(({ value, label }) => ({ name: cut(label === '' ? value : label, 100), value }));
  }

  return {
    async take(body) {
      const sent = InteractionPayload.parse(body);
      if (sent.type === 4) return completed(sent);
      if (sent.type === 3) return pressed(sent, readId(sent.data.custom_id));
      if (sent.type === 5) return submitted(sent);
      if (sent.data.type === 3) return onMessage(sent);
      const typed = read(sent);
      const text = typed === null ? 'help' : lineOf(typed);
      return stored(sent, deferred, { kind: 'command', text }, null);
    },
  };
}

function act(token: string, input: string | null): Inbound['content'] {
  return { kind: 'action', token, input };
}

/** Normalises one interaction. */
function inboundFrom(
  sent: InteractionPayload,
  guilds: readonly string[],
  content: Inbound['content'],
  message: string | null,
  now: number,
): Inbound {
  const person = sent.member?.user ?? sent.user;
  const user = person?.id ?? 'unknown';
  const tenant = sent.guild_id ?? 'direct';
  const isThread = [10, 11, 12].includes(sent.channel?.type ?? 0);
  const channel = (isThread ? sent.channel?.parent_id : sent.channel?.id) ?? null;
  const thread = isThread ? (sent.channel?.id ?? null) : message;
  const replyTo: ReplyTo = {
    tenant,
    channel,
    thread: isThread ? thread : null,
    user,
    application: sent.application_id,
    token: sent.token,
    until: now + tokenLifeMs,
  };
  return {
    source: 'discord',
    deliveryId: sent.id,
    account: { platform: 'discord', tenant, user },
    displayName: person?.global_name ?? person?.username ?? user,
    excluded: exclusionsOf(sent, guilds),
    channel: channel === null ? null : { platform: 'discord', tenant, channel, thread },
    replyTo,
    content,
    receivedAt: now,
  };
}

/** Whatever did not come from an installation in a served server does not count. */
function exclusionsOf(sent: InteractionPayload, guilds: readonly string[]): Inbound['excluded'] {
  const { guild_id: guild, member } = sent;
  const home =
    member != null &&
    guild !== undefined &&
    guilds.includes(guild) &&
    sent.authorizing_integration_owners['0'] === guild &&
    (sent.context ?? 0) === 0;
  return [
    ...(home ? [] : (['wrong_context'] as const)),
    ...((member?.user ?? sent.user)?.bot === true ? (['bot'] as const) : []),
    ...(member?.pending === true ? (['guest'] as const) : []),
  ];
}

function note(text: string): Json {
  return privately([{ type: 10, content: text }]);
}

/** Completions cannot be put off as answers can: what comes too late is none. */
async function inTime(found: Promise<readonly Json[]>): Promise<readonly Json[]> {
  const over = new AbortController();
  const late = pause(completionMs, [], { signal: over.signal, ref: false });
  late.catch(() => {});
  try {
    return await Promise.race([found, late]);
  } finally {
    over.abort();
  }
}

interface Part {
  readonly label?: string | undefined;
  readonly custom_id?: string | undefined;
  readonly components?: readonly Part[] | undefined;
}
const Part: z.ZodType<Part> = z.object({
  label: z.string().optional(),
  custom_id: z.string().optional(),
  components: z.array(z.lazy(() => Part)).optional(),
});

/** What stood on the pressed button. */
function labelOf({ message, data }: InteractionPayload): string {
  const parts = z.array(Part).safeParse(message?.components ?? []).data ?? [];
  const flat = (part: Part): readonly Part[] => [part, ...(part.components ?? []).flatMap(flat)];
  const found = parts.flatMap(flat).find(({ custom_id }) => custom_id === data.custom_id);
  return found?.label ?? 'Go on';
}
