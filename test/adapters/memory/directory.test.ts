import { createMemoryDirectory } from '#adapters/memory/directory.ts';
import { directoryContract } from '../../contracts/directory.ts';

directoryContract('memory', async () => {
  const { directory, world } = createMemoryDirectory({
    platform: 'memory',
    tenant: 'T1',
    clock: { now: () => 1000 },
  });
  const grant = world.channel('approvers');
  const unusable = {
    public: world.channel('general', { private: false }),
    shared: world.channel('partners', { shared: true }),
    archived: world.channel('old', { archived: true }),
    missing: { kind: 'channel', platform: 'memory', tenant: 'T1', channel: 'nowhere' },
    foreign: { kind: 'channel', platform: 'memory', tenant: 'T2', channel: 'approvers' },
  } as const;
  const accounts = {
    member: world.person('ada'),
    outsider: world.person('bob'),
    guest: world.person('guy', 'guest'),
    bot: world.person('robo', 'bot'),
    inactive: world.person('old', 'inactive'),
    external: world.person('eve', 'external'),
  };
  for (const source of [grant, ...Object.values(unusable)]) {
    for (const [kind, account] of Object.entries(accounts)) {
      if (kind !== 'outsider') world.join(source, account);
    }
  }
  return {
    directory,
    grant,
    unusable,
    accounts,
    join: async (source, account) => world.join(source, account),
    leave: async (source, account) => world.leave(source, account),
    outage: async (on) => world.outage(on),
    close: async () => {},
  };
});
