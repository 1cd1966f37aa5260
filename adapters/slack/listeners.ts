import { App, type Receiver } from '@slack/bolt';
import type { Log } from '#ports/log.ts';
import type { Extras } from './extras.ts';
import { installationOf } from './inbound.ts';
import type { Installations } from './installations.ts';
import type { Intake, Taken } from './intake.ts';
import { cut } from './plain-text.ts';
import { quietLogger, writeOptions } from './web-client.ts';

interface ListenerParts {
  readonly receiver: Receiver;
  readonly intake: Intake;
  readonly extras: Extras;
  readonly installations: Installations;
  readonly api: string;
  readonly log: Log;
}

/**
 * The Bolt app: one listener per kind, because Bolt asks every listener about every delivery.
 * A delivery is stored before it is acknowledged; what could not be stored is not acknowledged.
 */
export function createApp(parts: ListenerParts): App {
  const { intake, extras, installations, api, log } = parts;
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
    await intake.submission(body);
    await acknowledge(ack);
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
