import { pastRollouts } from '#app/past-rollouts.ts';
import type { SettingsSnapshot } from '#app/world.ts';
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
    alerts: [],
    window,
    rules: { zone, hotfixMs: hotfix * 1000 },
  };
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
