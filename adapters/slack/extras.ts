import { homeView } from '#core/cards/home-view.ts';
import { refusalView } from '#core/cards/refusal-view.ts';
import type { Button } from '#core/message.ts';
import type { Account } from '#core/people.ts';
import type { Settings } from '#core/settings/settings.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { BoardPlace, Reader } from '#ports/reader.ts';
import { installationOf } from './inbound.ts';
import type { Installation, Installations } from './installations.ts';
import { EventPayload, LinkEvent, MembershipEvent } from './payloads.ts';
import type { Json } from './rich-text.ts';
import { render } from './view-blocks.ts';

/** Events that are no commands. They only show or forget something, so they may be lost. */
export interface Extras {
  event(type: string, body: unknown): Promise<void>;
}

interface ExtraParts {
  readonly installations: Installations;
  readonly reader: Reader;
  readonly settings: () => Pick<Settings, 'publicUrl' | 'command'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Memberships of this account may have changed; null: of anybody. */
  readonly forget: (account: Account | null) => void;
}

/** Releases that can be decided on in the App Home. */
const offersMax = 5;

/** After these what was known about memberships counts no more. */
const changing = new Set([
  'member_joined_channel',
  'member_left_channel',
  'user_change',
  'team_join',
  'subteam_members_changed',
  'subteam_updated',
  'channel_shared',
  'channel_unshared',
  'channel_archive',
  'group_archive',
  'channel_left',
  'group_left',
]);

export function createExtras(parts: ExtraParts): Extras {
  const { installations, reader, clock, log } = parts;

  async function publishHome(installation: Installation, user: string): Promise<void> {
    const account = { platform: 'slack', tenant: installation.tenant, user };
    const refusal = await reader.mayView(account, user);
    if (refusal !== null) return show(installation, user, refusalView(refusal));
    const [board, open, approvals] = await Promise.all([
      reader.board(),
      reader.rollouts({ ended: false, limit: 50 }),
      reader.approvals(account, user),
    ]);
    const places = board.places.map((one) => ({
      service: one.service,
      environment: one.environment,
      version: one.runs?.version ?? null,
      note: noteOf(one),
    }));
    const buttons = await offersOf(approvals);
    const { command } = parts.settings();
    await show(
      installation,
      user,
      homeView({ account, open, approvals, places, command, buttons }),
    );
  }

  /** What the cards of the first few offer: who may press is asked at the press. */
  async function offersOf(
    waiting: readonly { readonly id: string }[],
  ): Promise<ReadonlyMap<string, readonly Button[]>> {
    const offers = new Map<string, readonly Button[]>();
    for (const { id } of waiting.slice(0, offersMax)) {
      const blocks = (await reader.rollout(id))?.card.blocks ?? [];
      offers.set(
        id,
        blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : [])),
      );
    }
    return offers;
  }

  async function show(
    installation: Installation,
    user: string,
    view: Parameters<typeof render>[0],
  ): Promise<void> {
    // The App Home knows no tables of its own: they become text.
    const { blocks } = draw(view, 100);
    await installation.clients.write.apiCall('views.publish', {
      user_id: user,
      view: { type: 'home', blocks: blocks },
    });
  }

  function draw(view: Parameters<typeof render>[0], blocksMax: number) {
    return render(view, {
      charts: false,
      now: clock.now(),
      blocksMax,
      // No button may stand in an unfurl.
      buttons: blocksMax === 100,
      tables: blocksMax === 50,
    });
  }

  async function unfurl(installation: Installation, event: unknown): Promise<void> {
    const link = LinkEvent.parse(event);
    const account = { platform: 'slack', tenant: installation.tenant, user: link.user };
    const base = parts.settings().publicUrl?.replace(/\/$/, '');
    if (base === undefined || (await reader.mayView(account, link.user)) !== null) return;
    const unfurls: Record<string, Json> = {};
    for (const { url } of link.links) {
      const id = rolloutIn(url, base);
      const found = id === null ? null : await reader.rollout(id);
      if (found !== null) unfurls[url] = { blocks: draw(found.card, 50).blocks };
    }
    if (Object.keys(unfurls).length === 0) return;
    await installation.clients.write.apiCall('chat.unfurl', {
      channel: link.channel,
      ts: link.message_ts,
      unfurls,
    });
  }

  async function take(type: string, event: unknown, installation: Installation): Promise<void> {
    const user = MembershipEvent.parse(event).user ?? null;
    if (changing.has(type)) {
      const { tenant } = installation;
      parts.forget(user === null ? null : { platform: 'slack', tenant, user });
    }
    if (type === 'app_home_opened' && user !== null) await publishHome(installation, user);
    if (type === 'link_shared') await unfurl(installation, event);
  }

  return {
    async event(type, body) {
      const sent = EventPayload.parse(body);
      const all = await installations.all();
      const installation = installationOf(all, sent.team_id ?? null, sent.enterprise_id ?? null);
      if (installation === null) return;
      try {
        await take(type, sent.event, installation);
      } catch (error) {
        log.warn('An event of Slack led to nothing', { type, error });
      }
    },
  };
}

function noteOf({ alerts, rollout, place, frozen }: BoardPlace): string {
  const [worst] = alerts;
  const notes = [
    ...(worst === undefined ? [] : [`alert ${worst.title}`]),
    ...(rollout === null ? [] : [`${rollout.id} ${rollout.phase}`]),
    ...(rollout === null && place.lock !== null ? ['locked'] : []),
    ...(rollout === null && place.lock === null && frozen !== null ? ['frozen'] : []),
  ];
  return notes.join('; ');
}

/** The id of the release page that a link of ours leads to; null for any other link. */
function rolloutIn(url: string, base: string): string | null {
  const [, id] =
    /^\/rollouts\/([A-Za-z0-9][A-Za-z0-9_-]{0,99})(?:[?#]|$)/.exec(
      url.startsWith(base) ? url.slice(base.length) : '',
    ) ?? [];
  return id ?? null;
}
