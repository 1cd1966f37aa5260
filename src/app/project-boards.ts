import { boardRetiredView, boardRows, boardView } from '#core/cards/board-view.ts';
import {
  type Board,
  boardsOf,
  type LiveCard,
  tenantKey,
  tenantsOnBoards,
} from '#core/delivery/board-mode.ts';
import type { View } from '#core/message.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { ChannelRef } from '#ports/gateway.ts';
import type { Transaction } from '#ports/store.ts';
import { channelsOf, refsOf } from './rollout/channels-of.ts';
import { openRollouts } from './rollout/rollout-stream.ts';
import { tellChannel } from './tell-channel.ts';
import type { World } from './world.ts';

/** Progress shown per channel, where there are too many releases for a live card each. */
export interface Boards {
  /** True when the channel's cards need not tick, because a board shows their progress. */
  covers(channel: ChannelRef): boolean;
  /** Looks at what is on its way and writes the boards. Every process may: the outcome is the same. */
  refresh(): Promise<void>;
}

/** A board as it was last written. */
type Written = Pick<Board, 'platform' | 'tenant' | 'channel'>;

/** No boards until the first refresh. */
export function projectBoards(world: World): Boards {
  let onBoards: ReadonlySet<string> = new Set();
  let written: ReadonlyMap<string, Written> | null = null;

  async function refresh(): Promise<void> {
    await world.store.transact(async (tx) => {
      const states = new Map((await openRollouts(tx)).map((state) => [state.id, state]));
      const live = [...states.values()].flatMap(cardsOf);
      const tenants = tenantsOnBoards(live, onBoards);
      const boards = boardsOf(live, tenants, boardRows);
      const before = written ?? (await found(tx));
      for (const board of boards) await write(tx, board, viewOf(board, states));
      for (const [id, board] of before) {
        if (boards.some((one) => one.id === id)) continue;
        await write(tx, { ...board, id }, boardRetiredView());
      }
      onBoards = tenants;
      written = new Map(boards.map((board) => [board.id, board]));
    });
  }

  function cardsOf(state: RolloutState): readonly LiveCard[] {
    return channelsOf(world, state).map(({ platform, tenant, channel }) => ({
      rollout: state.id,
      platform,
      tenant,
      channel,
    }));
  }

  /** Boards that an earlier process left. */
  async function found(tx: Transaction): Promise<ReadonlyMap<string, Written>> {
    const left = new Map<string, Written>();
    for (const named of Object.values(world.settings().settings.channels)) {
      for (const place of refsOf(named)) {
        for (let part = 1; ; part += 1) {
          const id = `board:${tenantKey(place)}/${place.channel}:${part}`;
          if ((await tx.surface(id)) === null) break;
          left.set(id, place);
        }
      }
    }
    return left;
  }

  async function write(
    tx: Transaction,
    board: Written & { id: string },
    view: View,
  ): Promise<void> {
    const { id, platform, tenant, channel } = board;
    const at = { platform, tenant, channel, thread: null };
    await tellChannel(tx, world.crypto.sha256, at, { id, urgency: 3, view, final: false });
  }

  return {
    refresh,
    covers: (channel) => onBoards.has(tenantKey(channel)),
  };
}

function viewOf(board: Board, states: ReadonlyMap<string, RolloutState>): View {
  const shown = board.rollouts.flatMap((id) => states.get(id) ?? []);
  return boardView(shown, board.part, board.parts);
}
