import { expect, it } from 'vitest';
import { createMemoryDirectory } from '#adapters/memory/directory.ts';
import { checkRoleSources } from '#app/check-role-sources.ts';
import { settingsWith } from './authority-world.ts';

it('finds every source that can grant nothing', async () => {
  const { directory, world } = createMemoryDirectory({
    platform: 'slack',
    tenant: 'T1',
    clock: { now: () => 0 },
  });
  world.channel('C-private');
  world.channel('C-public', { private: false });
  world.channel('C-shared', { shared: true });
  world.channel('C-archived', { archived: true });
  const from = (platform: string, channel: string) => [
    { kind: 'channel', platform, tenant: 'T1', channel },
  ];
  const { settings } = settingsWith({
    roles: {
      good: { may: ['view'], from: from('slack', 'C-private') },
      open: { may: ['view'], from: from('slack', 'C-public') },
      shared: { may: ['view'], from: from('slack', 'C-shared') },
      archived: { may: ['view'], from: from('slack', 'C-archived') },
      missing: { may: ['view'], from: from('slack', 'C-nowhere') },
      elsewhere: { may: ['view'], from: from('matrix', 'C-private') },
      listed: { may: ['view'], from: [{ kind: 'people', people: ['ada'] }] },
    },
  });
  const problems = await checkRoleSources(settings, (platform) =>
    platform === 'slack' ? directory : undefined,
  );
  expect(problems.map(({ path }) => path[1])).toEqual([
    'open',
    'shared',
    'archived',
    'missing',
    'elsewhere',
  ]);
  expect(problems[0]?.expected).toContain('public');
  expect(problems[4]?.expected).toContain('matrix is not configured');
});
