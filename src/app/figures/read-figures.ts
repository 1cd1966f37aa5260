import { readWatch } from '#app/alerts/trust-boundary.ts';
import { pastRollouts } from '#app/past-rollouts.ts';
import type { SettingsSnapshot } from '#app/world.ts';
import { linkedAlerts } from '#core/alerts/watch.ts';
import type { LinkedAlert } from '#core/figures/deployments.ts';
import type { FigureQuestion } from '#core/figures/figures.ts';
import { type ReleaseRecord, recordOf } from '#core/figures/release-record.ts';
import type { Transaction } from '#ports/store.ts';

/** Rollouts that are read at a time, and at most. */
const pageSize = 200;
const pagesAtMost = 100;
/** A rollout may end this long after it was asked for: nothing waits longer. */
const longestMs = 14 * 86_400_000;

/** Over what to measure: the last `days` days, of one service or environment or of all. */
export interface FiguresWish {
  readonly days: number;
  readonly service?: string | null;
  readonly environment?: string | null;
}

/** What the figures of the wish, and those of as many days before, are computed from. */
export async function readFigures(
  tx: Transaction,
  { settings }: SettingsSnapshot,
  wish: FiguresWish,
): Promise<FigureQuestion> {
  const lengthMs = wish.days * 86_400_000;
  const window = { from: tx.now - lengthMs, to: tx.now + 1 };
  const { zone, hotfix } = settings.figures;
  return {
    records: await readRecords(tx, window.from - lengthMs - longestMs, wish),
    alerts: await readLinkedAlerts(tx, window.from - lengthMs - longestMs, wish),
    window,
    rules: { zone, hotfixMs: hotfix * 1000 },
  };
}

/** What was held against releases that were first held to account since an instant. */
async function readLinkedAlerts(
  tx: Transaction,
  since: number,
  { service, environment }: Pick<FiguresWish, 'service' | 'environment'>,
): Promise<readonly LinkedAlert[]> {
  const linked: LinkedAlert[] = [];
  let beforeId: string | undefined;
  for (let page = 0; page < pagesAtMost; page += 1) {
    const records = await tx.streams({
      kind: 'watch',
      ...(service == null ? {} : { service }),
      ...(environment == null ? {} : { environment }),
      ...(beforeId === undefined ? {} : { beforeId }),
      newestFirst: true,
      limit: pageSize,
    });
    linked.push(...records.flatMap(({ row }) => linkedAlerts(readWatch(row.state))));
    const last = records.at(-1);
    if (records.length < pageSize || last === undefined || last.createdAt < since) break;
    beforeId = last.id;
  }
  return linked;
}

/** The rollouts that were asked for since an instant, newest first. */
export async function readRecords(
  tx: Transaction,
  since: number,
  { service, environment }: Pick<FiguresWish, 'service' | 'environment'>,
): Promise<readonly ReleaseRecord[]> {
  const records: ReleaseRecord[] = [];
  let beforeId: string | undefined;
  for (let page = 0; page < pagesAtMost; page += 1) {
    const states = await pastRollouts(tx, {
      ...(service == null ? {} : { service }),
      ...(environment == null ? {} : { environment }),
      ...(beforeId === undefined ? {} : { beforeId }),
      limit: pageSize,
    });
    records.push(...states.map(recordOf).filter(({ requestedAt }) => requestedAt >= since));
    const last = states.at(-1);
    if (states.length < pageSize || last === undefined || last.requestedAt < since) break;
    beforeId = last.id;
  }
  return records;
}
