import type { SettingsSnapshot } from '#app/world.ts';
import { type Account, accountKey, type Grant, type Membership } from '#core/people.ts';
import { createLookup } from '#core/settings/lookup.ts';
import { Settings } from '#core/settings/settings.ts';
import type { Directory } from '#ports/directory.ts';
import type { Inbound } from '#ports/gateway.ts';

/** A directory over a table: `<account key> <channel or group>` to an answer. Counts its calls. */
export function tableDirectory(
  platform: string,
  table: Map<string, Membership['because'] | 'yes' | 'unknown'>,
): Directory & { readonly calls: () => number } {
  let calls = 0;
  return {
    platform,
    calls: () => calls,
    async membership(grant: Grant, account: Account) {
      calls += 1;
      const source = sourceOf(grant);
      const found = table.get(`${accountKey(account)} ${source}`) ?? defaultFor(grant);
      const answer = found === 'yes' || found === 'unknown' ? found : 'no';
      const because = found === 'yes' ? null : found === 'unknown' ? 'unreachable' : found;
      return { grant, answer, because, evidence: `${answer} in ${source}`, asOf: 0 };
    },
    validateGrant: async () => ({ usable: true, because: '' }),
  };
}

function sourceOf(grant: Grant): string {
  if (grant.kind === 'people') return 'people';
  return grant.kind === 'channel' ? grant.channel : grant.group;
}

function defaultFor(grant: Grant): 'yes' | 'not_member' {
  return grant.kind === 'people' ? 'yes' : 'not_member';
}

/** A minimal valid settings file with these roles and people. */
export function settingsWith(parts: {
  readonly roles: Readonly<Record<string, unknown>>;
  readonly people?: Readonly<Record<string, unknown>>;
}): SettingsSnapshot {
  const settings = Settings.parse({
    version: 1,
    services: {},
    environments: {},
    targets: {},
    registries: {},
    strategies: {},
    channels: {},
    access: { membershipCache: '30s' },
    ...parts,
  });
  return { settings, lookup: createLookup(settings, (text) => text) };
}

export function account(text: string): Account {
  const [platform = '', tenant = '', user = ''] = text.split(/[:/]/);
  return { platform, tenant, user };
}

export function inboundFrom(text: string, more: Partial<Inbound> = {}): Inbound {
  return {
    source: 'slack',
    deliveryId: '1',
    account: account(text),
    displayName: 'Somebody',
    excluded: [],
    channel: null,
    replyTo: null,
    content: { kind: 'command', text: 'whoami' },
    receivedAt: 0,
    ...more,
  };
}
