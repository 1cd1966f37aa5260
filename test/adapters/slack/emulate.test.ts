import { createEmulator } from 'emulate';
import { expect, it } from 'vitest';
import { createInstallations } from '#adapters/slack/installations.ts';
import { createSlackPlatform } from '#adapters/slack/platform.ts';
import { whyExcluded } from '#adapters/slack/who-is.ts';
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
    const { messages } = await own.clients.write.conversations.replies({
      channel: at.channel,
      ts: card.message,
    });
    expect(messages?.map(({ text }) => text)).toEqual(['another summary', everyBlock.summary]);
  } finally {
    await emulator.close();
  }
});

it('reads members, sends files and publishes views against it', async () => {
  const emulator = await createEmulator({ service: 'slack', port: 0 });
  try {
    const api = `${emulator.url}/api/`;
    const parts = { clock: { now: () => Date.now() }, log: silentLog };
    const installations = createInstallations({ tokens: ['xoxb-test'], api, ...parts });
    const [own] = await installations.all();
    if (own === undefined) throw new Error('the emulator knows no token');
    const { write, reads } = own.clients;
    const { members } = await write.conversations.members({ channel: 'C000000001' });
    const [user = ''] = members ?? [];
    expect(user).toMatch(/^U/);
    expect(await whyExcluded(reads.decide, own, user)).toBeNull();
    const view = { type: 'home', blocks: [{ type: 'divider' }] };
    expect(await write.apiCall('views.publish', { user_id: user, view })).toMatchObject({
      ok: true,
    });
    const ticket = await write.files.getUploadURLExternal({ filename: 'chart.png', length: 3 });
    expect(ticket).toMatchObject({ ok: true });
    const sent = await fetch(ticket.upload_url ?? '', { method: 'POST', body: 'png' });
    expect(sent.ok).toBe(true);
    const id = ticket.file_id ?? '';
    const done = await write.files.completeUploadExternal({ files: [{ id, title: 'Chart' }] });
    expect(done).toMatchObject({ ok: true });
    expect(await write.files.info({ file: id })).toMatchObject({ ok: true });
  } finally {
    await emulator.close();
  }
});
