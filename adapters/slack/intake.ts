import { usage } from '#core/grammar/usage.ts';
import type { Clock } from '#ports/clock.ts';
import type { Gateway, Inbound } from '#ports/gateway.ts';
import type { Log } from '#ports/log.ts';
import { askedBy } from './buttons.ts';
import {
  askForm,
  commandForm,
  commandLine,
  type FormPurpose,
  formErrors,
  formValues,
  lineForm,
  FormPurpose as Purpose,
} from './forms.ts';
import { type Acted, accountOf, inboundFrom, installationOf, replyToOf } from './inbound.ts';
import type { Installation, Installations } from './installations.ts';
import {
  ActionPayload,
  CommandPayload,
  EventPayload,
  MentionEvent,
  ShortcutPayload,
  SubmissionPayload,
  SuggestionPayload,
} from './payloads.ts';
import { unescaped } from './plain-text.ts';
import type { ReplyTo } from './reply-to.ts';
import type { Json } from './rich-text.ts';

/** What became of one delivery: it is stored, or a form has to be opened after the acknowledgement. */
export type Taken =
  | { readonly kind: 'stored' }
  | { readonly kind: 'ignored' }
  | {
      readonly kind: 'form';
      readonly installation: Installation;
      readonly trigger: string;
      readonly view: Json;
      /** For the person, when it does not open. */
      readonly replyTo: ReplyTo;
      readonly instead: string;
    }
  /** A form stays open and says what is wrong, by block. */
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> };

/** Turns each kind of payload into what the gateway takes. One entry per kind: our own table. */
export interface Intake {
  command(body: unknown): Promise<Taken>;
  action(body: unknown): Promise<Taken>;
  shortcut(body: unknown): Promise<Taken>;
  submission(body: unknown): Promise<Taken>;
  mention(body: unknown): Promise<Taken>;
  suggestion(body: unknown): Promise<readonly { readonly value: string; readonly label: string }[]>;
}

const stored: Taken = { kind: 'stored' };
const ignored: Taken = { kind: 'ignored' };

interface IntakeParts {
  readonly gateway: Gateway;
  readonly installations: Installations;
  readonly clock: Clock;
  readonly log: Log;
}

export function createIntake({ gateway, installations, clock, log }: IntakeParts): Intake {
  /** A delivery of a workspace that no token is for still is answered, with what the first may do: nothing. */
  async function home(
    team: string | null,
    enterprise: string | null,
  ): Promise<Installation | null> {
    const all = await installations.all();
    const own = installationOf(all, team, enterprise);
    if (own === null) log.warn('Slack delivered for a workspace that no token is for', { team });
    return own;
  }

  async function accept(
    installation: Installation,
    acted: Acted,
    deliveryId: string,
    content: Inbound['content'],
  ): Promise<Taken> {
    await gateway.accept(inboundFrom(installation, acted, deliveryId, content, clock.now()));
    return stored;
  }

  function form(
    installation: Installation,
    acted: Acted,
    parts: { readonly trigger: string; readonly view: Json; readonly instead: string },
  ): Taken {
    const replyTo = replyToOf(installation.tenant, acted, clock.now());
    return { kind: 'form', installation, replyTo, ...parts };
  }

  const descriptor = (name: string) => gateway.commands.find((one) => one.name === name);

  return {
    async command(body) {
      const sent = CommandPayload.parse(body);
      const installation = await home(sent.team_id ?? null, sent.enterprise_id ?? null);
      if (installation === null) return ignored;
      const responseUrl = sent.response_url ?? null;
      const text = unescaped(sent.text).trim();
      const acted: Acted = {
        user: sent.user_id,
        userTeam: null,
        enterprise: sent.enterprise_id ?? null,
        name: sent.user_name,
        channel: sent.channel_id,
        thread: null,
        responseUrl,
        bot: sent.user_id === 'USLACKBOT',
      };
      const bare = descriptor(text);
      if (bare?.fields.some(({ required }) => required) === true) {
        const at = { channel: sent.channel_id, thread: null, responseUrl };
        const view = commandForm(bare, { kind: 'command', command: bare.name, ...at });
        const instead = `Write it out: ${sent.command} ${usage(bare)}`;
        return form(installation, acted, { trigger: sent.trigger_id, view, instead });
      }
      return accept(installation, acted, `command:${sent.trigger_id}`, { kind: 'command', text });
    },

    async action(body) {
      const sent = ActionPayload.parse(body);
      const installation = await home(sent.team?.id ?? null, sent.enterprise?.id ?? null);
      const [pressed] = sent.actions;
      const token = pressed?.value ?? null;
      if (installation === null || pressed === undefined || token === null) return ignored;
      const acted = actedIn(
        sent,
        sent.channel?.id ?? null,
        sent.message?.thread_ts ?? sent.message?.ts ?? null,
      );
      const ask = askedBy(pressed.action_id);
      if (ask !== null) {
        const { channel, thread, responseUrl } = acted;
        const { required } = ask;
        const place = { channel, thread, responseUrl };
        const view = askForm(ask, pressed.text?.text ?? '', {
          kind: 'ask',
          token,
          required,
          ...place,
        });
        const instead = 'Press the button again.';
        return form(installation, acted, { trigger: sent.trigger_id, view, instead });
      }
      const content = { kind: 'action', token, input: null } as const;
      return accept(installation, acted, `action:${sent.trigger_id}`, content);
    },

    async shortcut(body) {
      const sent = ShortcutPayload.parse(body);
      const installation = await home(sent.team?.id ?? null, sent.enterprise?.id ?? null);
      if (installation === null) return ignored;
      const thread = sent.message.thread_ts ?? sent.message.ts;
      const responseUrl = sent.response_url ?? null;
      const view = lineForm({ kind: 'line', channel: sent.channel.id, thread, responseUrl });
      const acted = actedIn(sent, sent.channel.id, thread);
      const instead = 'Mention Signalbox in the thread, with the command behind it.';
      return form(installation, acted, { trigger: sent.trigger_id, view, instead });
    },

    async submission(body) {
      const sent = SubmissionPayload.parse(body);
      const installation = await home(sent.team?.id ?? null, sent.enterprise?.id ?? null);
      if (installation === null) return ignored;
      const purpose = Purpose.parse(JSON.parse(sent.view.private_metadata));
      const values = formValues(sent);
      const fields = purpose.kind === 'command' ? descriptor(purpose.command)?.fields : [];
      const errors = formErrors(purpose, values, fields ?? []);
      if (Object.keys(errors).length > 0) return { kind: 'errors', errors };
      const acted: Acted = {
        ...actedIn(sent, purpose.channel, purpose.thread),
        responseUrl: purpose.responseUrl,
      };
      return accept(
        installation,
        acted,
        `form:${sent.view.id}:${sent.view.hash}`,
        contentOf(purpose, values),
      );
    },

    async mention(body) {
      const sent = EventPayload.parse(body);
      const event = MentionEvent.parse(sent.event);
      const installation = await home(sent.team_id ?? null, sent.enterprise_id ?? null);
      if (installation === null || event.user === undefined || event.user === null) return ignored;
      const acted: Acted = {
        user: event.user,
        userTeam: event.user_team ?? event.team ?? null,
        enterprise: sent.enterprise_id ?? null,
        name: '',
        channel: event.channel,
        thread: event.thread_ts ?? null,
        responseUrl: null,
        bot: (event.bot_id ?? null) !== null || event.user === 'USLACKBOT',
      };
      const mention = new RegExp(`^\\s*<@${installation.botUser}(?:\\|[^>]*)?>\\s*`);
      const text = typed(event.text.replace(mention, ''));
      return accept(installation, acted, `event:${sent.event_id}`, { kind: 'command', text });
    },

    async suggestion(body) {
      const sent = SuggestionPayload.parse(body);
      const installation = await home(sent.team?.id ?? null, sent.enterprise?.id ?? null);
      const purpose = Purpose.parse(JSON.parse(sent.view.private_metadata));
      if (installation === null || purpose.kind !== 'command') return [];
      const field = descriptor(purpose.command)?.fields.find(({ name }) => name === sent.action_id);
      if (field === undefined) return [];
      return gateway.complete({
        account: accountOf(installation, actedIn(sent, null, null)),
        command: purpose.command,
        field: field.name,
        kind: field.kind,
        prefix: sent.value,
        given: {},
      });
    },
  };
}

function actedIn(
  sent: Pick<SubmissionPayload, 'user' | 'enterprise' | 'response_url'>,
  channel: string | null,
  thread: string | null,
): Acted {
  return {
    user: sent.user.id,
    userTeam: sent.user.team_id ?? null,
    enterprise: sent.enterprise?.id ?? null,
    name: sent.user.username ?? sent.user.name ?? '',
    channel,
    thread,
    responseUrl: sent.response_url ?? null,
    bot: sent.user.id === 'USLACKBOT',
  };
}

function contentOf(
  purpose: FormPurpose,
  values: Readonly<Record<string, string>>,
): Inbound['content'] {
  const text = values['text'] ?? '';
  switch (purpose.kind) {
    case 'ask':
      return { kind: 'action', token: purpose.token, input: text === '' ? null : text };
    case 'line':
      return { kind: 'command', text };
    case 'command':
      return { kind: 'command', text: commandLine(purpose.command, values) };
  }
}

/** What a person typed, without what Slack made of it: links it found and entities. */
function typed(text: string): string {
  return unescaped(
    text.replace(/<(?:https?:\/\/[^|>]*)\|([^>]*)>/g, '$1').replace(/<(https?:[^>]*)>/g, '$1'),
  ).trim();
}
