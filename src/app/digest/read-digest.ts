import { groupsSince } from '#app/alerts/alert-stream.ts';
import { readBoard } from '#app/board.ts';
import { readFreezes } from '#app/change-freezes.ts';
import { readPlace } from '#app/change-place.ts';
import { readFigures } from '#app/figures/read-figures.ts';
import { pastRollouts } from '#app/past-rollouts.ts';
import type { Rollouts } from '#app/rollouts.ts';
import type { SettingsSnapshot } from '#app/world.ts';
import { type AlertGroup, aimsOf } from '#core/alerts/group.ts';
import type { DigestPlace, DigestQuestion, Drifted } from '#core/digest/contents.ts';
import { freezesAhead } from '#core/digest/freezes-ahead.ts';
import type { FigureQuestion } from '#core/figures/figures.ts';
import type { Instant } from '#core/ids.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { BoardPlace } from '#ports/reader.ts';
import type { Transaction } from '#ports/store.ts';

const dayMs = 86_400_000;
/** Planned freezes are told this long before. */
const aheadMs = 7 * dayMs;
/** Rollouts that are read at a time, and at most. */
const pageSize = 200;
const pagesAtMost = 20;
/** A rollout may end this long after it was asked for: nothing waits longer. */
const longestMs = 14 * dayMs;

/** What a digest is about; absent members: all. */
export interface DigestScope {
  readonly services?: readonly string[] | undefined;
  readonly environments?: readonly string[] | undefined;
}

/** Everything that a digest of the time since `from` tells. `drifts`: what was seen just before. */
export async function readDigest(
  tx: Transaction,
  snapshot: SettingsSnapshot,
  rollouts: Rollouts,
  from: Instant,
  scope: DigestScope = {},
  drifts: readonly Drifted[] = [],
): Promise<DigestQuestion> {
  const within = withinScope(scope);
  const board = (await readBoard(tx, snapshot, rollouts)).filter(within);
  const figures = await readFigures(tx, snapshot, { days: 30 });
  const ended = await endedSince(tx, from);
  return {
    from,
    now: tx.now,
    ended: ended.filter(within),
    earlier: (await earlierOf(tx, rollouts, figures, ended, from)).filter(within),
    open: (await rollouts.open(tx)).filter(within),
    places: await Promise.all(board.map((cell) => digestPlace(tx, snapshot, cell))),
    freezes: freezesAhead(snapshot.settings, await readFreezes(tx), tx.now, aheadMs).filter(
      ({ environments }) =>
        environments === null ||
        scope.environments === undefined ||
        environments.some((one) => scope.environments?.includes(one)),
    ),
    groups: (await groupsSince(tx, from)).filter((group) => isAbout(group, scope)),
    drifts: drifts.filter(within),
    figures: { ...figures, records: figures.records.filter(within) },
  };
}

function withinScope({ services, environments }: DigestScope) {
  return (one: { readonly service: string; readonly environment: string }): boolean =>
    (services?.includes(one.service) ?? true) && (environments?.includes(one.environment) ?? true);
}

/** What nobody can place may be about anything: only a digest of named services leaves it out. */
function isAbout(group: AlertGroup, scope: DigestScope): boolean {
  const aims = aimsOf(group);
  return aims.length === 0 ? scope.services === undefined : aims.some(withinScope(scope));
}

/** Rollouts that ended since then, by looking at those that were asked for not much before. */
async function endedSince(tx: Transaction, from: Instant): Promise<readonly RolloutState[]> {
  const found: RolloutState[] = [];
  let beforeId: string | undefined;
  for (let page = 0; page < pagesAtMost; page += 1) {
    const states = await pastRollouts(tx, {
      ended: true,
      limit: pageSize,
      ...(beforeId === undefined ? {} : { beforeId }),
    });
    found.push(...states.filter(({ endedAt }) => (endedAt ?? 0) > from));
    const last = states.at(-1);
    if (states.length < pageSize || last === undefined || last.requestedAt < from - longestMs) {
      break;
    }
    beforeId = last.id;
  }
  return found;
}

/** Releases that ended before then and that something was held against since. */
async function earlierOf(
  tx: Transaction,
  rollouts: Rollouts,
  { alerts }: FigureQuestion,
  ended: readonly RolloutState[],
  from: Instant,
): Promise<readonly RolloutState[]> {
  const ids = new Set(alerts.filter(({ startsAt }) => startsAt > from).map((one) => one.rollout));
  for (const { id } of ended) ids.delete(id);
  const states: RolloutState[] = [];
  for (const id of ids) {
    const state = await rollouts.read(tx, id);
    if (state?.endedAt != null) states.push(state);
  }
  return states;
}

async function digestPlace(
  tx: Transaction,
  { lookup }: SettingsSnapshot,
  { service, environment, place, runs, promotable }: BoardPlace,
): Promise<DigestPlace> {
  const before = lookup.previous(service, environment);
  if (promotable === null || before === null) return { place, runs, promotable: null };
  const [live] = (await readPlace(tx, service, before)).settled;
  return { place, runs, promotable: { artifact: promotable, since: live?.at ?? tx.now } };
}
