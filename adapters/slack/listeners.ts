import { App, type Receiver } from '@slack/bolt';
import { noticeView } from '#core/cards/notice-view.ts';
import type { ChatPlatform } from '#ports/chat.ts';
import type { Log } from '#ports/log.ts';
import type { Extras } from './extras.ts';
import { installationOf } from './inbound.ts';
import type { Installations } from './installations.ts';
import type { Intake, Taken } from './intake.ts';
import { SubmissionPayload } from './payloads.ts';
import { cut } from './plain-text.ts';
import { quietLogger, writeOptions } from './web-client.ts';

interface ListenerParts {
  readonly receiver: Receiver;
  readonly intake: Intake;
  readonly extras: Extras;
  /** Tells a person what did not work. */
  readonly platform: Pick<ChatPlatform, 'reply'>;
  readonly installations: Installations;
  readonly api: string;
  readonly log: Log;
}

/**
 * The Bolt app: one listener per kind, because Bolt asks every listener about every delivery.
 * A delivery is stored before it is acknowledged; what could not be stored is not acknowledged.
 */
export function createApp(parts: ListenerParts): App {
  const { intake, extras, platform, installations, api, log } = parts;
  const app = new App({
    receiver: parts.receiver,
    logger: quietLogger(log),
    clientOptions: writeOptions(api, log),
    convoStore: false,
    async authorize({ teamId, enterpriseId }) {
      const all = await installations.all();
      const own = installationOf(all, teamId ?? null, enterpriseId ?? null);
      if (own === null) throw new Error('No token is for this workspace');
      const { token: botToken, botUser: botUserId, botId } = own;
      return { botToken, botUserId, ...(botId === null ? {} : { botId }) };
    },
  });
  app.error(async (error) => {
    log.error('A delivery of Slack could not be taken', { error });
    // Whoever received it must not acknowledge it.
    throw error;
  });
  const processEvent = app.processEvent.bind(app);
  // Bolt acknowledges events before anybody has read them; here that comes last.
  app.processEvent = async (event) => {
    if (event.body['type'] !== 'event_callback') return processEvent(event);
    await processEvent({ ...event, ack: async () => {} });
    await acknowledge(() => event.ack());
  };

  /** The intent is kept by now: a lost acknowledgement only means that Slack asks again. */
  async function acknowledge(ack: () => Promise<void>): Promise<void> {
    try {
      await ack();
    } catch (error) {
      log.debug('An acknowledgement did not reach Slack', { error });
    }
  }

  async function finish(taken: Taken): Promise<void> {
    if (taken.kind !== 'form') return;
    try {
      const { installation, trigger, view } = taken;
      await installation.clients.write.apiCall('views.open', { trigger_id: trigger, view });
    } catch (error) {
      log.warn('A form could not be opened', { error });
      await tellUnopened(taken);
    }
  }

  /** Slack shows nothing when a form does not open, so the person is told. */
  async function tellUnopened({
    replyTo,
    instead,
  }: Extract<Taken, { kind: 'form' }>): Promise<void> {
    const said = 'Slack did not open the form. Nothing was done.';
    const view = noticeView({ tone: 'warning', title: 'No form', said, more: [[instead]] });
    const silent = { refusal: null, rollout: null, data: null };
    try {
      await platform.reply(replyTo, { visibility: 'private', view, ...silent });
    } catch (error) {
      log.warn('The person could not be told that a form did not open', { error });
    }
  }

  /** What a form is answered with: nothing, which closes it, or what is wrong with it. */
  async function submitted(body: unknown): Promise<Readonly<Record<string, string>> | null> {
    try {
      const taken = await intake.submission(body);
      return taken.kind === 'errors' ? taken.errors : null;
    } catch (error) {
      const block = firstInput(body);
      if (block === null) throw error;
      log.error('A form could not be taken; it stays open and says so', { error });
      const said = 'Signalbox could not take this just now. Nothing was done: try again.';
      return { [block]: said };
    }
  }

  app.command(/.*/, async ({ body, ack }) => {
    const taken = await intake.command(body);
    await acknowledge(ack);
    await finish(taken);
  });
  app.action(/.*/, async ({ body, ack }) => {
    const taken = await intake.action(body);
    await acknowledge(ack);
    await finish(taken);
  });
  app.shortcut(/.*/, async ({ body, ack }) => {
    if (body.type !== 'message_action') return acknowledge(ack);
    const taken = await intake.shortcut(body);
    await acknowledge(ack);
    await finish(taken);
  });
  app.view(/.*/, async ({ body, ack }) => {
    const errors = await submitted(body);
    await acknowledge(() =>
      errors === null ? ack() : ack({ response_action: 'errors', errors: { ...errors } }),
    );
  });
  app.options(/.*/, async ({ body, ack }) => {
    const found = await intake.suggestion(body);
    const options = found
      .filter(({ value }) => value.length <= 150)
      .map(({ value, label }) => ({
        text: { type: 'plain_text' as const, text: cut(label === '' ? value : label, 75) },
        value,
      }));
    await acknowledge(() => ack({ options }));
  });
  app.event(/.*/, async ({ body, event }) => {
    if (event.type === 'app_mention') await intake.mention(body);
    else await extras.event(event.type, body);
  });
  return app;
}

/** The block of a submitted form under which something can be said. */
function firstInput(body: unknown): string | null {
  const read = SubmissionPayload.safeParse(body);
  return read.success ? (Object.keys(read.data.view.state.values)[0] ?? null) : null;
}
