import type { Account } from '#core/people.ts';
import type { Inbound } from '#ports/gateway.ts';
import type { Installation } from './installations.ts';
import { type ReplyTo, responseUrlLifeMs } from './reply-to.ts';

/** Who acted, where, as one payload says it. */
export interface Acted {
  readonly user: string;
  /** The workspace that the person belongs to, where the payload says it. */
  readonly userTeam: string | null;
  readonly enterprise: string | null;
  readonly name: string;
  readonly channel: string | null;
  readonly thread: string | null;
  readonly responseUrl: string | null;
  readonly bot: boolean;
}

/** Which workspace a payload came from; null when no token is for it. */
export function installationOf(
  all: readonly Installation[],
  team: string | null,
  enterprise: string | null,
): Installation | null {
  return (
    all.find((one) => one.team !== null && one.team === team) ??
    all.find((one) => one.team === null && one.enterprise === enterprise) ??
    null
  );
}

/** Normalises one delivery. People of another company keep their own tenant and are excluded. */
export function inboundFrom(
  installation: Installation,
  acted: Acted,
  deliveryId: string,
  content: Inbound['content'],
  now: number,
): Inbound {
  const foreign = isForeign(installation, acted);
  const excluded = [
    ...(acted.bot ? (['bot'] as const) : []),
    ...(foreign ? (['external'] as const) : []),
  ];
  const { tenant } = installation;
  return {
    source: 'slack',
    deliveryId,
    account: accountOf(installation, acted),
    displayName: acted.name === '' ? acted.user : acted.name,
    excluded,
    channel:
      acted.channel === null
        ? null
        : { platform: 'slack', tenant, channel: acted.channel, thread: acted.thread },
    replyTo: replyToOf(tenant, acted, now),
    content,
    receivedAt: now,
  };
}

/** The account behind an act. */
export function accountOf(installation: Installation, acted: Acted): Account {
  const foreign = isForeign(installation, acted);
  const tenant = foreign && acted.userTeam !== null ? acted.userTeam : installation.tenant;
  return { platform: 'slack', tenant, user: acted.user };
}

/** Where the person is answered who acted. */
export function replyToOf(tenant: string, acted: Acted, now: number): ReplyTo {
  const { channel, thread, user, responseUrl } = acted;
  return { tenant, channel, thread, user, responseUrl, until: now + responseUrlLifeMs };
}

/** Somebody of neither this workspace nor, for an organisation-wide install, this organisation. */
function isForeign(installation: Installation, { userTeam, enterprise }: Acted): boolean {
  if (installation.team === null) return enterprise !== installation.enterprise;
  return userTeam !== null && userTeam !== installation.team;
}
