import { agedMembership, sinceBefore } from '#core/access/role-age.ts';
import { type Account, accountKey, type Grant, grantKey, type Membership } from '#core/people.ts';
import type { Settings } from '#core/settings/settings.ts';
import type { SightingStore } from '#ports/sighting-store.ts';
import type { World } from './world.ts';

/** Stands among the accounts of a source for: all its members were noted at least once. */
const listed = '*';
const everyMs = 3_600_000;

interface SightingsNeeds {
  transact<T>(run: (tx: SightingStore & { readonly now: number }) => Promise<T>): Promise<T>;
}

/**
 * What a membership counts for in a role that asks for an age. Somebody not seen there before is
 * new from now on, and so is who comes back.
 */
export async function judgeAge(
  store: SightingsNeeds,
  membership: Membership,
  account: Account,
  ageSeconds: number,
): Promise<Membership> {
  const [source, who] = [grantKey(membership.grant), accountKey(account)];
  if (membership.because === 'not_member') {
    await store.transact((tx) => tx.unsee(source, [who]));
    return membership;
  }
  if (membership.answer !== 'yes') return membership;
  const since = await store.transact(async (tx) => {
    const known = await tx.seenSince(source, who);
    if (known === null) await tx.see(source, [{ account: who, since: tx.now }]);
    return known ?? tx.now;
  });
  return agedMembership(membership, since, ageSeconds);
}

/**
 * Notes from time to time who is in the sources of roles that ask for an age. Whoever is there at
 * the first look was there before it; where a platform does not list, the first question counts.
 */
export function noteMembers(
  world: Pick<World, 'settings' | 'directory' | 'store' | 'clock'>,
): () => Promise<void> {
  const next = new Map<string, number>();
  return async () => {
    for (const grant of agedSources(world.settings().settings)) {
      const source = grantKey(grant);
      if (world.clock.now() < (next.get(source) ?? 0)) continue;
      const members = await world.directory(grant.platform)?.members?.(grant);
      if (members === undefined || members === null) continue;
      await noteSource(world.store, source, members.map(accountKey));
      next.set(source, world.clock.now() + everyMs);
    }
  };
}

async function noteSource(
  store: SightingsNeeds,
  source: string,
  members: readonly string[],
): Promise<void> {
  await store.transact(async (tx) => {
    const known = new Set((await tx.sightingsIn(source)).map(({ account }) => account));
    const first = !known.has(listed);
    const fresh = first ? members : members.filter((account) => !known.has(account));
    const since = first ? sinceBefore : tx.now;
    const seen = first ? [...fresh, listed] : fresh;
    await tx.see(
      source,
      seen.map((account) => ({ account, since })),
    );
    const present = new Set([...members, listed]);
    await tx.unsee(
      source,
      [...known].filter((account) => !present.has(account)),
    );
  });
}

type Source = Exclude<Grant, { readonly kind: 'people' }>;

function agedSources({ roles }: Settings): readonly Source[] {
  const sources = new Map<string, Source>();
  for (const { age = 0, from } of Object.values(roles)) {
    for (const grant of from) {
      if (age > 0 && grant.kind !== 'people') sources.set(grantKey(grant), grant);
    }
  }
  return [...sources.values()];
}
