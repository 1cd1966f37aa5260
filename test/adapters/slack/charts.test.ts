import { afterEach, expect, it } from 'vitest';
import { createChartPainter } from '#adapters/charts/chart-painter.ts';
import { createInstallations } from '#adapters/slack/installations.ts';
import { createSlackPlatform } from '#adapters/slack/platform.ts';
import type { View } from '#core/message.ts';
import { type SlackPeer, startSlackPeer } from '../../peers/slack/peer.ts';
import { team } from '../../peers/slack/state.ts';
import { addChannel } from '../../peers/slack/world.ts';
import { silentLog as log } from '../silent.ts';

let peer: SlackPeer;
afterEach(() => peer.close());

async function platformOf(has: { readonly charts: boolean; readonly files: boolean }) {
  peer = await startSlackPeer(has);
  addChannel(peer, 'C1', []);
  const clock = { now: () => Date.now() };
  const installations = createInstallations({ tokens: ['xoxb-peer'], api: peer.api, clock, log });
  const options = { api: peer.api, charts: 'native' } as const;
  const painter = createChartPainter();
  return createSlackPlatform({ installations, options, painter, clock, log });
}

const at = { platform: 'slack', tenant: team, channel: 'C1', thread: null };

function view(newest: number): View {
  const points = [1, 2, 3, newest].map((value, index) => ({ at: index * 10_000, value }));
  const series = [{ name: 'candidate', side: 'candidate', points } as const];
  const chart = {
    title: 'Errors',
    unit: 'percent',
    series,
    limit: { label: 'limit', value: 5 },
  } as const;
  return { tone: 'progress', title: 'shop', summary: 'shop', blocks: [{ kind: 'chart', chart }] };
}

const kinds = (): readonly unknown[] =>
  peer.state.messages[0]?.blocks.map(({ type }) => type) ?? [];

it('lets Slack draw where it can', async () => {
  const platform = await platformOf({ charts: true, files: true });
  await platform.post(at, view(4), 'k');
  expect(kinds()).toContain('data_visualization');
  expect(peer.state.files.size).toBe(0);
});

it('draws a picture where Slack does not, and leaves no old ones behind', async () => {
  const platform = await platformOf({ charts: false, files: true });
  const card = await platform.post(at, view(4), 'k');
  await platform.edit(card, view(4), 'k');
  await platform.edit(card, view(9), 'k');
  expect(kinds()).toContain('image');
  expect(JSON.stringify(peer.state.messages[0]?.blocks)).toContain('candidate 9');
  const [first, second, ...more] = [...peer.state.files.values()];
  expect(more).toEqual([]);
  expect(
    Buffer.from(second?.bytes ?? [])
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
  await expect.poll(() => first?.deleted).toBe(true);
  expect(second?.deleted).toBe(false);
  // It is known by now, so nothing is refused twice.
  expect(peer.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(2);
});

it('shows the figures in a table where Slack takes no files either', async () => {
  const platform = await platformOf({ charts: false, files: false });
  await platform.post(at, view(4), 'k');
  expect(kinds()).toContain('table');
  expect(JSON.stringify(peer.state.messages[0]?.blocks)).toContain('Highest');
  expect(peer.refused).toEqual([]);
});
