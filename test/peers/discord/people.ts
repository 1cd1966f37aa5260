import type { PeerGateway } from './gateway.ts';
import { answerInteraction } from './interactions.ts';
import { messageJson } from './messages.ts';
import type { RouteParts } from './request.ts';
import { channelOf, memberOf, userOf } from './routes.ts';
import { signed } from './signature.ts';
import { application, guild, type Interaction, secretToken, snowflake } from './state.ts';

/** Where interactions go. */
export type Way = { readonly kind: 'gateway' } | { readonly kind: 'http'; readonly url: string };

interface Where {
  readonly channel: string | null;
  readonly message?: string;
  /** Overrides of the payload, for hostile ones. */
  readonly with?: Readonly<Record<string, unknown>>;
}

/** People who act. Each delivery may come more than once. */
export function createPeople(parts: RouteParts, gateway: PeerGateway) {
  const { state } = parts;
  let way: Way = { kind: 'gateway' };
  let times = 1;

  function begin(type: number, user: string, where: Where): Interaction {
    const at = state.now();
    const interaction: Interaction = {
      id: snowflake(at),
      token: secretToken(),
      type,
      user,
      channel: where.channel,
      message: where.message ?? null,
      at,
      answered: null,
      answer: null,
      original: null,
      alone: user,
    };
    state.interactions.set(interaction.id, interaction);
    return interaction;
  }

  function payload(interaction: Interaction, data: unknown, where: Where): Record<string, unknown> {
    const { id, token, type, user } = interaction;
    const channel = state.channels.get(interaction.channel ?? '');
    const message = state.messages.find((one) => one.id === interaction.message);
    return {
      id,
      application_id: application,
      type,
      token,
      version: 1,
      data,
      guild_id: guild,
      context: 0,
      authorizing_integration_owners: { '0': guild },
      ...(channel === undefined ? {} : { channel: channelOf(channel), channel_id: channel.id }),
      member: memberOf(state, user) ?? { user: userOf(state, user), roles: [] },
      ...(message === undefined ? {} : { message: messageJson(message) }),
      locale: 'en-GB',
      entitlements: [],
      app_permissions: '0',
      ...where.with,
    };
  }

  async function deliver(body: Record<string, unknown>, interaction: Interaction): Promise<void> {
    if (way.kind === 'gateway') {
      gateway.send('INTERACTION_CREATE', body, times);
      return;
    }
    for (let time = 0; time < times; time += 1) {
      const response = await signed(way.url, body);
      if (response.status !== 200) throw new Error(`the endpoint said ${response.status}`);
      answerInteraction(parts, interaction, await response.json());
    }
  }

  /** Until the bot has said its first word. */
  async function acknowledged(interaction: Interaction): Promise<void> {
    const rounds = state.patienceMs / 10;
    for (let round = 0; round < rounds && interaction.answered === null; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    if (interaction.answered === null) throw new Error('The application did not respond');
  }

  async function act(
    type: number,
    user: string,
    data: unknown,
    where: Where,
  ): Promise<Interaction> {
    const interaction = begin(type, user, where);
    await deliver(payload(interaction, data, where), interaction);
    await acknowledged(interaction);
    return interaction;
  }

  /** Until the bot has said what became of it, where it had only said that it heard. */
  async function told(interaction: Interaction): Promise<Interaction> {
    const put = interaction.answer?.['type'];
    if (put !== 5 && put !== 6) return interaction;
    for (let round = 0; round < 1_000; round += 1) {
      const said = state.messages.find(({ id }) => id === interaction.original);
      if (said === undefined || said.edits > 0) return interaction;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('The application never said what became of it');
  }

  return {
    act,
    begin,
    told,
    through(next: Way, repetitions = 1): void {
      way = next;
      times = repetitions;
    },
    command: (
      user: string,
      name: string,
      sub: string,
      options: Readonly<Record<string, string>>,
      where: Where,
    ) =>
      act(
        2,
        user,
        { id: '1', name, type: 1, options: [{ type: 1, name: sub, options: listed(options) }] },
        where,
      ),
    complete: (
      user: string,
      name: string,
      sub: string,
      focused: string,
      typed: string,
      where: Where,
    ) =>
      act(
        4,
        user,
        {
          id: '1',
          name,
          type: 1,
          options: [
            {
              type: 1,
              name: sub,
              options: [{ type: 3, name: focused, value: typed, focused: true }],
            },
          ],
        },
        where,
      ),
    /** Chooses a command of messages. */
    onMessage: (user: string, name: string, message: string, where: Where) =>
      act(
        2,
        user,
        {
          id: '2',
          name,
          type: 3,
          target_id: message,
          resolved: {
            messages: Object.fromEntries(
              state.messages
                .filter(({ id }) => id === message)
                .map((one) => [message, messageJson(one)]),
            ),
          },
        },
        where,
      ),
    press: (user: string, customId: string, where: Where & { readonly message: string }) =>
      act(3, user, { component_type: 2, custom_id: customId }, where),
    submit: (
      user: string,
      customId: string,
      values: Readonly<Record<string, string | readonly string[]>>,
      where: Where,
    ) =>
      act(
        5,
        user,
        {
          custom_id: customId,
          components: Object.entries(values).map(([custom_id, value]) => ({
            type: 18,
            component:
              typeof value === 'string'
                ? { type: 4, custom_id, value }
                : { type: 3, custom_id, values: value },
          })),
        },
        where,
      ),
  };
}

function listed(options: Readonly<Record<string, string>>) {
  return Object.entries(options).map(([name, value]) => ({ type: 3, name, value }));
}
