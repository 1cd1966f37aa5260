import type { Candidate } from '#core/delivery/candidate.ts';
import { type Call, nextCall } from '#core/delivery/next-call.ts';
import type { Instant } from '#core/ids.ts';
import type { ChatPlatform, RateScope } from '#ports/chat.ts';
import type { Store, Transaction } from '#ports/store.ts';
import type { Surface } from '#ports/surface-store.ts';

/** What is due on a platform. */
export interface DueMessages {
  readonly candidates: readonly Candidate[];
  /** Notes whose card cannot be posted at present: put off until it is tried again. */
  readonly stranded: readonly { readonly id: string; readonly until: Instant }[];
}

/** Reads at most `limit` surfaces that are due on a platform, with what each has to ask of it. */
export async function dueMessages(
  store: Store,
  platform: ChatPlatform,
  limit: number,
  now: Instant,
): Promise<DueMessages> {
  return store.transact(async (tx) => {
    const due = await tx.dueSurfaces(now, limit, platform.name);
    const parents = await parentsOf(tx, due);
    return {
      candidates: due.map((surface) => candidate(platform, surface, parents, now)),
      stranded: due.flatMap((surface) => stranded(surface, parents, now)),
    };
  });
}

/** Such notes would fill every reading while their card fails. */
function stranded(
  { id, parent, message }: Surface,
  parents: ReadonlyMap<string, Surface | null>,
  now: Instant,
): DueMessages['stranded'] {
  const card = parent === null || message !== null ? null : parents.get(parent);
  const waits = card !== null && card !== undefined && card.message === null;
  return waits && card.failures > 0 && card.nextDueAt > now
    ? [{ id, until: card.nextDueAt + 500 }]
    : [];
}

/** The cards whose threads are needed, by id; null for one that does not exist. */
async function parentsOf(
  tx: Transaction,
  due: readonly Surface[],
): Promise<ReadonlyMap<string, Surface | null>> {
  const parents = new Map<string, Surface | null>();
  for (const { parent } of due) {
    if (parent === null || parents.has(parent)) continue;
    parents.set(parent, await tx.surface(parent));
  }
  return parents;
}

function candidate(
  platform: ChatPlatform,
  surface: Surface,
  parents: ReadonlyMap<string, Surface | null>,
  now: Instant,
): Candidate {
  const parent = surface.parent === null ? null : parents.get(surface.parent);
  // A note whose card was never wanted is not lost: it goes to the channel.
  const own = parent === null ? { ...surface, parent: null } : surface;
  const { editAgeMaxMs } = platform.capabilities;
  const call = nextCall(own, parent?.message ?? null, editAgeMaxMs, now);
  return {
    surface: own,
    call,
    rates: ratesOf(platform, call, surface),
    channelRates: platform.scopes('post', { ...surface.channel, thread: null }),
  };
}

function ratesOf(platform: ChatPlatform, call: Call, surface: Surface): readonly RateScope[] {
  switch (call.kind) {
    case 'nothing':
    case 'wait':
      return [];
    case 'edit':
      return platform.scopes('edit', call.message.channel);
    case 'tell':
      return platform.scopes('post', { ...surface.channel, channel: `@${call.account.user}` });
    default:
      return platform.scopes('post', call.channel);
  }
}
