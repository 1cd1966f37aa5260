import { z } from 'zod';
import type { Grant } from '#core/people.ts';
import type { Ask } from './reads.ts';

const Conversation = z.object({
  channel: z.object({
    id: z.string(),
    name: z.string().optional(),
    is_private: z.boolean().default(false),
    is_im: z.boolean().default(false),
    is_mpim: z.boolean().default(false),
    is_archived: z.boolean().default(false),
    is_member: z.boolean().default(false),
    is_ext_shared: z.boolean().default(false),
    is_pending_ext_shared: z.boolean().default(false),
    is_shared: z.boolean().default(false),
    is_org_shared: z.boolean().default(false),
    pending_shared: z.array(z.string()).default([]),
    pending_connected_team_ids: z.array(z.string()).default([]),
  }),
});
const Groups = z.object({
  usergroups: z.array(
    z.object({
      id: z.string(),
      is_external: z.boolean().default(false),
      date_delete: z.number().default(0),
    }),
  ),
});

type Source = Exclude<Grant, { kind: 'people' }>;

/** Why a channel or user group gives no rights, one plain sentence; null when it is sound. */
export async function whyUnsound(
  ask: Ask,
  grant: Source,
  orgShared: boolean,
): Promise<string | null> {
  if (grant.kind === 'channel') return whyChannelUnsound(ask, grant.channel, orgShared);
  const { usergroups } = Groups.parse(await ask('usergroups.list', { include_disabled: true }));
  const group = usergroups.find(({ id }) => id === grant.group);
  if (group === undefined) return `Slack knows no user group ${grant.group}.`;
  if (group.is_external) return `The user group ${grant.group} belongs to another organisation.`;
  return group.date_delete === 0 ? null : `The user group ${grant.group} is disabled.`;
}

async function whyChannelUnsound(ask: Ask, id: string, orgShared: boolean): Promise<string | null> {
  const { channel } = Conversation.parse(await ask('conversations.info', { channel: id }));
  if (channel.is_im || channel.is_mpim) return `${id} is a direct message, not a channel.`;
  if (!channel.is_private) return `Anybody may join ${id}, so it grants nothing; make it private.`;
  if (channel.is_archived) return `${id} is archived.`;
  const pending = channel.pending_shared.length + channel.pending_connected_team_ids.length > 0;
  if (channel.is_ext_shared || channel.is_pending_ext_shared || pending) {
    return `${id} is shared with another organisation, or about to be.`;
  }
  if (channel.is_org_shared && !orgShared) {
    return `${id} is shared across the organisation; set orgShared if that is wanted.`;
  }
  if (channel.is_shared && !channel.is_org_shared) {
    return `${id} is shared with another workspace.`;
  }
  return channel.is_member ? null : `Signalbox is not in ${id}; invite it there.`;
}
