import { createSlackDirectory } from '#adapters/slack/directory.ts';
import { createInstallations } from '#adapters/slack/installations.ts';
import type { Grant } from '#core/people.ts';
import { directoryContract } from '../../contracts/directory.ts';
import { startSlackPeer } from '../../peers/slack/peer.ts';
import { team } from '../../peers/slack/state.ts';
import { addChannel, addUser } from '../../peers/slack/world.ts';
import { silentLog as silent } from '../silent.ts';

for (const kind of ['channel', 'group'] as const) {
  directoryContract(`slack, by ${kind}`, async () => {
    const peer = await startSlackPeer();
    const ids = {
      member: addUser(peer, 'U1'),
      outsider: addUser(peer, 'U2'),
      guest: addUser(peer, 'U3', { guest: true }),
      bot: addUser(peer, 'U4', { bot: true }),
      inactive: addUser(peer, 'U5', { deleted: true }),
      // A member of a shared channel from another company: no stranger by the flag.
      external: addUser(peer, 'U6', { team: 'T0000002' }),
    };
    const inside = Object.entries(ids)
      .filter(([name]) => name !== 'outsider')
      .map(([, id]) => id);
    addChannel(peer, 'C1', inside);
    addChannel(peer, 'C2', inside, { public: true });
    for (const [id, fact] of [
      ['C3', 'is_ext_shared'],
      ['C4', 'is_pending_ext_shared'],
      ['C5', 'is_archived'],
      ['C6', 'is_org_shared'],
      ['C7', 'is_mpim'],
    ] as const) {
      addChannel(peer, id, inside, { facts: { [fact]: true } });
    }
    addChannel(peer, 'C8', inside, { without: true });
    peer.state.groups.set('S1', { members: new Set(inside), facts: {} });
    peer.state.groups.set('S2', { members: new Set(inside), facts: { is_external: true } });
    peer.state.groups.set('S3', { members: new Set(inside), facts: { date_delete: 5 } });
    const clock = { now: () => Date.now() };
    let time = 0;
    const pause = async (ms: number) => {
      time += ms;
    };
    const installations = createInstallations({
      tokens: ['xoxb-peer'],
      api: peer.api,
      clock,
      log: silent,
      pace: { now: () => time, pause },
    });
    await installations.all();
    const directory = createSlackDirectory({
      installations,
      options: { orgShared: false },
      clock,
      log: silent,
    });
    const account = (user: string) => ({ platform: 'slack', tenant: team, user });
    const channel = (id: string): Grant => ({
      kind: 'channel',
      platform: 'slack',
      tenant: team,
      channel: id,
    });
    const group = (id: string): Grant => ({
      kind: 'group',
      platform: 'slack',
      tenant: team,
      group: id,
    });
    const members =
      kind === 'channel'
        ? peer.state.channels.get('C1')?.members
        : peer.state.groups.get('S1')?.members;
    return {
      directory,
      grant: kind === 'channel' ? channel('C1') : group('S1'),
      unusable:
        kind === 'group'
          ? { external: group('S2'), disabled: group('S3'), unknown: group('S9') }
          : {
              public: channel('C2'),
              shared: channel('C3'),
              pending: channel('C4'),
              archived: channel('C5'),
              organisation: channel('C6'),
              direct: channel('C7'),
              'without the app': channel('C8'),
              unknown: channel('C9'),
            },
      accounts: {
        member: account(ids.member),
        outsider: account(ids.outsider),
        guest: account(ids.guest),
        bot: account(ids.bot),
        inactive: account(ids.inactive),
        external: account(ids.external),
      },
      join: async (_grant, { user }) => void members?.add(user),
      leave: async (_grant, { user }) => void members?.delete(user),
      outage: async (on) => peer.outage(on),
      close: () => peer.close(),
    };
  });
}
