import { createEmulator } from 'emulate';
import { z } from 'zod';
import { createInstallations } from '#adapters/slack/installations.ts';
import { createSlackPlatform } from '#adapters/slack/platform.ts';
import type { ChannelRef } from '#ports/gateway.ts';
import { type ChatLacks, chatContract } from '../../contracts/chat.ts';
import { seenMessage } from '../../peers/slack/seen.ts';
import { silentLog } from '../silent.ts';

/** What a Slack that others wrote has no way to show. Our own peer shows all of it. */
const lacks: ChatLacks = {
  faults: 'emulate refuses nothing for pace and loses no answer',
  'private answers': 'emulate keeps them and lets nobody read them',
};

const Messages = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      text: z.string(),
      blocks: z.array(z.record(z.string(), z.unknown())).default([]),
      user: z.string().default(''),
      metadata: z.unknown().optional(),
    }),
  ),
});
const Made = z.object({ channel: z.object({ id: z.string() }) });
const People = z.object({ members: z.array(z.object({ id: z.string(), name: z.string() })) });

chatContract(
  'slack, against emulate',
  async () => {
    const seed = {
      slack: { users: [{ name: 'ada' }], channels: [{ name: 'one' }, { name: 'two' }] },
    };
    const emulator = await createEmulator({ service: 'slack', port: 0, seed });
    const api = `${emulator.url}/api/`;
    const parts = { clock: { now: () => Date.now() }, log: silentLog };
    const installations = createInstallations({ tokens: ['xoxb-test'], api, ...parts });
    const [own] = await installations.all();
    if (own === undefined) throw new Error('the emulator knows no token');
    const { tenant, clients } = own;
    const call = (method: string, args: Readonly<Record<string, unknown>> = {}) =>
      clients.write.apiCall(method, { ...args });
    const { members } = People.parse(await call('users.list'));
    const ada = members.find(({ name }) => name === 'ada')?.id ?? '';
    const { channels } = z
      .object({ channels: z.array(z.object({ id: z.string(), name: z.string() })) })
      .parse(await call('conversations.list'));
    const named = (name: string): ChannelRef => ({
      platform: 'slack',
      tenant,
      channel: channels.find((one) => one.name === name)?.id ?? '',
      thread: null,
    });
    const closed = Made.parse(
      await call('conversations.create', { name: 'closed', is_private: true }),
    );
    await call('conversations.invite', { channel: closed.channel.id, users: ada });
    await call('conversations.leave', { channel: closed.channel.id });

    async function read({ channel, thread }: ChannelRef) {
      const answer =
        thread === null
          ? await call('conversations.history', { channel })
          : await call('conversations.replies', { channel, ts: thread });
      const { messages } = Messages.parse(answer);
      const oldestFirst = thread === null ? messages.toReversed() : messages.slice(1);
      return oldestFirst
        .map((one) => seenMessage({ ...one, metadata: one.metadata ?? null, channel, thread }))
        .map((one) => ({
          ...one,
          buttons: one.buttons.map(({ label, token }) => ({ label, token })),
        }));
    }

    return {
      chat: createSlackPlatform({ installations, options: { api, charts: 'native' }, ...parts }),
      channel: named('one'),
      otherChannel: named('two'),
      forbiddenChannel: { ...named('one'), channel: closed.channel.id },
      person: { tenant, user: ada },
      seen: read,
      async seenAlone() {
        const direct = Made.parse(await call('conversations.open', { users: ada }));
        return read({ ...named('one'), channel: direct.channel.id });
      },
      interaction: async () => ({
        tenant,
        channel: named('one').channel,
        thread: null,
        user: ada,
        responseUrl: null,
        until: 0,
      }),
      inject: async () => false,
      remove: async ({ channel: { channel }, message }) =>
        void (await call('chat.delete', { channel, ts: message })),
      writes: () => 0,
      close: () => emulator.close(),
    };
  },
  lacks,
);
