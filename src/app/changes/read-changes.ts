import type { World } from '#app/world.ts';
import type { ChangeList } from '#core/changes/change-list.ts';
import { summarise } from '#core/changes/summarise.ts';
import type { Artifact } from '#core/release.ts';
import type { ServiceSettings } from '#core/settings/settings.ts';

/** What may name a commit or a tag; anything else is not asked for. */
const refPattern = /^[A-Za-z0-9](?!.*\.\.)[\w.+/-]{0,199}$/;

/**
 * What lies between two artifacts of a service, by the commits they say they were built from, else
 * by tags of their versions' names. Where `to` is the older one, the list is of what it takes away:
 * then `from` and `to` of the list are swapped. Null where no source is configured, or where
 * the artifacts say nothing that could be asked for.
 * @throws Fault `changes.unavailable`, `changes.unreadable`
 */
export async function readChanges(
  world: Pick<World, 'changes'>,
  { changes: settings }: Pick<ServiceSettings, 'changes'>,
  from: Artifact,
  to: Artifact,
): Promise<ChangeList | null> {
  if (settings === undefined) return null;
  const older = refOf(from);
  const newer = refOf(to);
  if (older === null || newer === null || older === newer) return null;
  const { host, repository, tickets } = settings;
  const source = world.changes(host);
  const forward = { from: from.version, to: to.version, ticketUrl: tickets ?? null };
  const compared = await source.compare({ repository, from: older, to: newer });
  if (compared.ahead > 0 || compared.behind === 0) return summarise(compared, forward);
  const back = await source.compare({ repository, from: newer, to: older });
  return summarise(back, { ...forward, from: to.version, to: from.version });
}

function refOf({ source, version }: Artifact): string | null {
  const ref = source?.commit ?? version;
  return refPattern.test(ref) ? ref : null;
}
