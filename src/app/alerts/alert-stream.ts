import type { AlertEvent } from '#core/alerts/events.ts';
import { evolveGroup } from '#core/alerts/evolve-group.ts';
import { type AlertGroup, aimsOf } from '#core/alerts/group.ts';
import { type Actor, signalbox } from '#core/people.ts';
import type { Transaction } from '#ports/store.ts';
import { readGroup } from './trust-boundary.ts';

/** Groups that may ring at the same time and are looked after. */
const mostFiring = 500;

/** A group as it is stored. */
export interface StoredGroup {
  readonly group: AlertGroup | null;
  readonly version: number;
  /** When a sender last told of it. */
  readonly seenAt: number;
}

/** The stream of a group of alerts. It never ends: episodes follow each other in it. */
export function alertStream(id: string): string {
  return `alert:${id}`;
}

/** Reads a group; null when there is none. */
export async function readGroupOf(tx: Transaction, id: string): Promise<AlertGroup | null> {
  const record = await tx.stream(alertStream(id));
  return record === null ? null : readGroup(record.row.state).group;
}

/** Reads a group and keeps others from changing it until the transaction ends. */
export async function lockGroup(tx: Transaction, id: string): Promise<StoredGroup> {
  const record = await tx.streamForUpdate(alertStream(id));
  if (record === null) return { group: null, version: 0, seenAt: 0 };
  return { ...readGroup(record.row.state), version: record.version };
}

/** The groups that ring now, oldest first. */
export async function firingGroups(tx: Transaction): Promise<readonly AlertGroup[]> {
  const records = await tx.streams({ kind: 'alert', phases: ['firing'], limit: mostFiring });
  return records.map(({ row }) => readGroup(row.state).group);
}

/** The groups that ring, and those that were over after an instant. */
export async function groupsSince(tx: Transaction, since: number): Promise<readonly AlertGroup[]> {
  const asked = { kind: 'alert', updatedSince: Math.floor(since), newestFirst: true } as const;
  const records = await tx.streams({ ...asked, limit: mostFiring });
  const over = records
    .map(({ row }) => readGroup(row.state).group)
    .filter(({ closedAt }) => closedAt !== null && closedAt > since);
  return [...(await firingGroups(tx)), ...over];
}

/** Applies events without writing them. */
export function withEvents(
  group: AlertGroup | null,
  events: readonly AlertEvent[],
  now: number,
): AlertGroup | null {
  let after = group;
  for (const event of events) after = evolveGroup(after, event, now);
  return after;
}

/** Records events of a group; without any, only that it was told of again. */
export async function writeGroup(
  tx: Transaction,
  before: StoredGroup,
  events: readonly AlertEvent[],
  write: { readonly seenAt: number; readonly silenceMs: number; readonly actor?: Actor },
): Promise<AlertGroup> {
  const group = withEvents(before.group, events, tx.now);
  if (group === null) throw new Error('A group of alerts cannot be written without events');
  const [aim] = aimsOf(group);
  const actor = write.actor ?? signalbox;
  await tx.append({
    stream: alertStream(group.id),
    kind: 'alert',
    expectedVersion: before.version,
    events: events.map((body) => ({ actor, body })),
    row: {
      service: aim?.service ?? null,
      environment: aim?.environment ?? null,
      phase: group.phase,
      active: false,
      ended: false,
      wakeAt: group.phase === 'firing' ? write.seenAt + write.silenceMs : null,
      state: { format: 1, seenAt: write.seenAt, group },
    },
  });
  return group;
}
