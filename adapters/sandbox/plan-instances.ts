import type { Side } from './side.ts';

/** What one side should run. */
export interface SideWish {
  readonly digest: string;
  readonly wanted: number;
}

export interface InstanceView {
  readonly id: number;
  readonly side: Side;
  readonly digest: string;
  readonly ready: boolean;
}

export type InstanceAction =
  | { readonly kind: 'start'; readonly side: Side; readonly digest: string }
  | { readonly kind: 'stop'; readonly id: number }
  | { readonly kind: 'relabel'; readonly id: number; readonly side: Side };

type Wishes = Readonly<Record<Side, SideWish | null>>;

/**
 * What to do so that the instances (without those that are stopping) become what is wished.
 * Stable is replaced one at a time, and an old instance goes only when enough are ready without it.
 */
export function planInstances(
  wishes: Wishes,
  instances: readonly InstanceView[],
): readonly InstanceAction[] {
  const placed = instances.map((it) => ({ ...it, side: sideFor(wishes, it) }));
  const moved = placed
    .filter((it, index) => it.side !== instances[index]?.side)
    .map(({ id, side }) => ({ kind: 'relabel', id, side }) as const);
  return [
    ...moved,
    ...planSide('stable', wishes.stable, placed),
    ...planSide('candidate', wishes.candidate, placed),
    ...planSide('baseline', wishes.baseline, placed),
  ];
}

/** Promotion swaps the sides: a process whose bits now belong to the other side goes with them. */
function sideFor(wishes: Wishes, { side, digest }: InstanceView): Side {
  if (side === 'baseline') return side;
  const other = side === 'stable' ? 'candidate' : 'stable';
  return wishes[side]?.digest !== digest && wishes[other]?.digest === digest ? other : side;
}

function planSide(
  side: Side,
  wish: SideWish | null,
  all: readonly InstanceView[],
): readonly InstanceAction[] {
  const here = all.filter((it) => it.side === side);
  if (wish === null) return here.map(stop);
  const right = here.filter((it) => it.digest === wish.digest);
  const wrong = here.filter((it) => it.digest !== wish.digest);
  const rolling = side === 'stable' && wrong.length > 0;
  const missing = Math.max(0, wish.wanted - right.length);
  const room = rolling ? Math.max(0, wish.wanted + 1 - here.length) : missing;
  const starts = Array.from({ length: Math.min(missing, room) }, () => {
    return { kind: 'start', side, digest: wish.digest } as const;
  });
  // Those that are not ready go first, and of the others the newest.
  const surplus = right
    .toSorted((a, b) => Number(a.ready) - Number(b.ready) || b.id - a.id)
    .slice(0, Math.max(0, right.length - wish.wanted));
  return [...starts, ...surplus.map(stop), ...outdated(wish, here, wrong, rolling).map(stop)];
}

function outdated(
  wish: SideWish,
  here: readonly InstanceView[],
  wrong: readonly InstanceView[],
  rolling: boolean,
): readonly InstanceView[] {
  if (!rolling) return wrong;
  const spare = Math.max(0, here.filter((it) => it.ready).length - wish.wanted);
  const idle = wrong.filter((it) => !it.ready);
  return [...idle, ...wrong.filter((it) => it.ready).slice(0, spare)];
}

function stop({ id }: InstanceView): InstanceAction {
  return { kind: 'stop', id };
}
