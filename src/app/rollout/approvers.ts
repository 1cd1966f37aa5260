import type { World } from '#app/world.ts';
import type { ApproverGroup } from '#core/cards/approval-request.ts';
import type { GroupRef } from '#core/message.ts';
import type { Actor } from '#core/people.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { ChannelRef } from '#ports/gateway.ts';
import { channelsOf, isConfigured } from './channels-of.ts';

/** Where and who is asked to approve, besides those who read the release's own thread. */
export interface Approvers {
  /** Channels that grant an approving role: private, and Signalbox is in them. */
  readonly channels: readonly ChannelRef[];
  /** People who hold such a role by name. The requester is not among them. */
  readonly people: readonly Actor[];
  /** Groups that grant an approving role: mentioned where the release is shown. */
  readonly groups: readonly ApproverGroup[];
}

/** The holders of the roles that the plan's approval gates name. */
export function approversOf(world: World, state: RolloutState): Approvers {
  const { settings } = world.settings();
  const roles = new Set(
    (state.plan?.gates ?? [])
      .filter(({ gate }) => gate === 'approval')
      .map(({ options }) => options['role']),
  );
  const named = [...roles].flatMap((role) =>
    typeof role === 'string'
      ? (settings.roles[role]?.from ?? []).map((grant) => ({ role, grant }))
      : [],
  );
  const grants = named.map(({ grant }) => grant);
  const shown = new Set(channelsOf(world, state).map(placeKey));
  const channels = grants
    .flatMap((grant) =>
      grant.kind === 'channel' && isConfigured(settings, grant.platform)
        ? [{ ...place(grant), thread: null }]
        : [],
    )
    .filter((channel, index, all) => all.findIndex((one) => same(one, channel)) === index)
    .filter((channel) => !shown.has(placeKey(channel)));
  const ids = new Set(grants.flatMap((grant) => (grant.kind === 'people' ? grant.people : [])));
  ids.delete(state.requester.person);
  const people = [...ids].flatMap((person): readonly Actor[] => {
    const known = settings.people[person];
    const account = known?.accounts.find(({ platform }) => isConfigured(settings, platform));
    return known === undefined || account === undefined
      ? []
      : [{ person, account, displayName: known.name }];
  });
  const groups = named.flatMap(({ role, grant }) =>
    grant.kind === 'group' ? [{ ...groupRef(grant), role }] : [],
  );
  return { channels, people, groups };
}

function groupRef({ platform, tenant, group }: GroupRef): GroupRef {
  return { platform, tenant, group };
}

type Place = Pick<ChannelRef, 'platform' | 'tenant' | 'channel'>;

function place({ platform, tenant, channel }: Place): Place {
  return { platform, tenant, channel };
}

function placeKey({ platform, tenant, channel }: Place): string {
  return `${platform}:${tenant}/${channel}`;
}

function same(one: Place, other: Place): boolean {
  return placeKey(one) === placeKey(other);
}
