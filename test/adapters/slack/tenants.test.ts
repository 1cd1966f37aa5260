import { afterEach, describe, expect, it } from 'vitest';
import { createSlackDirectory } from '#adapters/slack/directory.ts';
import { examine } from '#adapters/slack/doctor.ts';
import { inboundFrom, installationOf } from '#adapters/slack/inbound.ts';
import { createInstallations } from '#adapters/slack/installations.ts';
import { scopeReasons } from '#adapters/slack/manifest.ts';
import { SlackOptions } from '#adapters/slack/options.ts';
import { createSlackPlatform } from '#adapters/slack/platform.ts';
import { type SlackPeer, startSlackPeer } from '../../peers/slack/peer.ts';
import { team } from '../../peers/slack/state.ts';
import { addChannel, addUser } from '../../peers/slack/world.ts';
import { silentLog as log } from '../silent.ts';

let peer: SlackPeer;
afterEach(() => peer.close());
const clock = { now: () => Date.now() };

const identities: Readonly<Record<string, object>> = {
  'xoxb-one': { team_id: 'T1' },
  'xoxb-two': { team_id: 'T2' },
  'xoxb-grid': { team_id: null, enterprise_id: 'E1', is_enterprise_install: true },
};

async function workspaces() {
  peer = await startSlackPeer({ who: (token) => ({ ...identities[token] }) });
  const tokens = Object.keys(identities);
  return createInstallations({ tokens, api: peer.api, clock, log });
}

describe('several workspaces and an organisation', () => {
  it('uses the token of the workspace, and no other', async () => {
    const installations = await workspaces();
    addChannel(peer, 'C1', []);
    const options = { api: peer.api, charts: 'native' } as const;
    const platform = createSlackPlatform({ installations, options, clock, log });
    const view = { tone: 'neutral', title: 't', summary: 's', blocks: [] } as const;
    for (const [tenant, token] of [
      ['T1', 'xoxb-one'],
      ['T2', 'xoxb-two'],
      ['E1', 'xoxb-grid'],
    ] as const) {
      await platform.post({ platform: 'slack', tenant, channel: 'C1', thread: null }, view, tenant);
      expect(peer.calls.at(-1)).toMatchObject({
        method: 'chat.postMessage',
        token: `Bearer ${token}`,
      });
    }
    const foreign = { platform: 'slack', tenant: 'T9', channel: 'C1', thread: null };
    await expect(platform.post(foreign, view, 'k')).rejects.toMatchObject({
      code: 'chat.not_allowed',
    });
  });

  it.each([
    // workspace, its organisation, the workspace of the person: the tenant and what excludes them
    ['T1', null, 'T1', 'T1', []],
    ['T1', null, 'T2', 'T2', ['external']],
    ['T7', 'E1', 'T8', 'E1', []],
  ] as const)(
    'says whose a person of %s (%s), of %s, is',
    async (teamId, org, own, tenant, excluded) => {
      const installations = await workspaces();
      const installation = installationOf(await installations.all(), teamId, org);
      if (installation === null) throw new Error('no installation');
      const acted = {
        user: 'U1',
        userTeam: own,
        enterprise: org,
        name: '',
        channel: 'C1',
        thread: null,
        responseUrl: null,
        bot: false,
      };
      const made = inboundFrom(installation, acted, 'd', { kind: 'command', text: '' }, 0);
      expect(made.account.tenant).toBe(tenant);
      expect(made.excluded).toEqual(excluded);
    },
  );

  it('takes nothing for an organisation or a workspace without a token', async () => {
    const all = await (await workspaces()).all();
    expect(installationOf(all, 'T9', null)).toBeNull();
    expect(installationOf(all, 'T9', 'E9')).toBeNull();
  });

  it.each([
    ['ours', 'yes', { team: 'T7', enterprise: 'E1' }],
    ['of another organisation', 'no', { team: 'T8', enterprise: 'E2' }],
    ['of no organisation', 'no', { team: 'T8' }],
  ] as const)(
    'counts a member of an organisation-wide channel who is %s: %s',
    async (_who, answer, of) => {
      const installations = await workspaces();
      addUser(peer, 'U1', of);
      addChannel(peer, 'C1', ['U1']);
      const directory = createSlackDirectory({
        installations,
        options: { orgShared: false },
        clock,
        log,
      });
      const grant = { kind: 'channel', platform: 'slack', tenant: 'E1', channel: 'C1' } as const;
      const account = { platform: 'slack', tenant: 'E1', user: 'U1' };
      expect(await directory.membership(grant, account, true)).toMatchObject({ answer });
      // The right person, named under another workspace.
      const moved = await directory.membership(grant, { ...account, tenant: 'T1' }, true);
      expect(moved).toMatchObject({ answer: 'no', because: 'wrong_tenant' });
    },
  );
});

describe('the doctor', () => {
  const patient = (scopes: readonly string[]) => async () => {
    peer = await startSlackPeer({ scopes });
    addChannel(peer, 'CREL', [], { public: true });
    addChannel(peer, 'CAPP', []);
    addChannel(peer, 'COPEN', [], { public: true });
    return {
      options: SlackOptions.parse({ api: peer.api }),
      secrets: { botTokens: ['xoxb-peer'], appToken: 'xapp-peer', signingSecrets: [] },
      channels: [{ tenant: team, channel: 'CREL' }],
      grants: [{ kind: 'channel', platform: 'slack', tenant: team, channel: 'CAPP' } as const],
      now: Date.now,
      log,
    };
  };

  it('finds nothing to fix where all is well', async () => {
    const findings = await examine(await patient(Object.keys(scopeReasons))());
    expect(findings.filter(({ well }) => !well)).toEqual([]);
    expect(findings.length).toBeGreaterThanOrEqual(5);
  });

  it('names the missing scope, the open channel and the clock, with what to do', async () => {
    const well = await patient(Object.keys(scopeReasons).filter((one) => one !== 'users:read'))();
    const open = { kind: 'channel', platform: 'slack', tenant: team, channel: 'COPEN' } as const;
    const findings = await examine({ ...well, grants: [open], now: () => Date.now() - 120_000 });
    const fixes = findings.filter((one) => !one.well).map(({ what, fix }) => `${what}: ${fix}`);
    expect(fixes.join('\n')).toMatch(/users:read \(guests.*slack manifest.*Reinstall to Workspace/);
    expect(fixes.join('\n')).toMatch(/make it private/);
    expect(fixes.join('\n')).toMatch(/NTP/);
    expect(fixes).toHaveLength(3);
  });
});
