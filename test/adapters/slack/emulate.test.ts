import { createEmulator } from 'emulate';
import { expect, it } from 'vitest';
import { createInstallations } from '#adapters/slack/installations.ts';
import { createSlackPlatform } from '#adapters/slack/platform.ts';
import { everyBlock } from '../../contracts/chat-views.ts';
import { silentLog } from '../silent.ts';

it('posts, answers in a thread and edits against a Slack that others wrote', async () => {
  const emulator = await createEmulator({ service: 'slack', port: 0 });
  try {
    const api = `${emulator.url}/api/`;
    const clock = { now: () => Date.now() };
    const parts = { clock, log: silentLog };
    const installations = createInstallations({ tokens: ['xoxb-test'], api, ...parts });
    const [own] = await installations.all();
    if (own === undefined) throw new Error('the emulator knows no token');
    const options = { api, charts: 'native' } as const;
    const chat = createSlackPlatform({ installations, options, ...parts });
    const at = { platform: 'slack', tenant: own.tenant, channel: 'C000000001', thread: null };
    const card = await chat.post(at, everyBlock, 'k.0');
    const note = await chat.post({ ...at, thread: card.message }, everyBlock, 'k.1');
    expect(note.message).not.toBe(card.message);
    await chat.edit(card, { ...everyBlock, summary: 'another summary' }, 'k.e1');
    const { messages } = await own.clients.read.conversations.replies({
      channel: at.channel,
      ts: card.message,
    });
    expect(messages?.map(({ text }) => text)).toEqual(['another summary', everyBlock.summary]);
  } finally {
    await emulator.close();
  }
});
