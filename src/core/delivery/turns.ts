/** Whose turn it is among flows, and the credit that each has saved up. */
export interface Turns {
  /** The flow that was visited last. */
  readonly last: string | null;
  readonly credit: ReadonlyMap<string, number>;
}

/** Nobody has been served yet. */
export const noTurns: Turns = { last: null, credit: new Map() };

/**
 * Deficit round-robin (Shreedhar and Varghese, 1995): flows take turns; each visit earns one
 * credit, and a flow is served while its credit covers the cost of its next item. Flows that have
 * nothing left lose their credit, so nobody saves up for a burst.
 *
 * `serve` says whether the item was served; one that was not stays out until the next time and
 * costs nothing. Items keep their order within a flow.
 */
export function takeTurns<Item>(
  items: readonly Item[],
  turns: Turns,
  of: { readonly flow: (item: Item) => string; readonly cost: (item: Item) => number },
  serve: (item: Item) => boolean,
): Turns {
  const queues = grouped(items, of.flow);
  const credit = new Map(turns.credit);
  let last = turns.last;
  let open = ringAfter([...queues.keys()], turns.last);
  while (open.length > 0) {
    for (const flow of open) {
      const queue = queues.get(flow) ?? [];
      const earned = (credit.get(flow) ?? 0) + 1;
      const left = visit(queue, earned, of.cost, serve);
      if (left < earned) last = flow;
      credit.set(flow, queue.length === 0 ? 0 : left);
    }
    open = open.filter((flow) => (queues.get(flow) ?? []).length > 0);
  }
  return { last, credit: withoutEmpty(credit) };
}

/** Serves the front of a queue as far as the credit goes; returns what is left of it. */
function visit<Item>(
  queue: Item[],
  credit: number,
  cost: (item: Item) => number,
  serve: (item: Item) => boolean,
): number {
  let left = credit;
  for (let item = queue[0]; item !== undefined && cost(item) <= left; item = queue[0]) {
    queue.shift();
    if (serve(item)) left -= cost(item);
  }
  return left;
}

function grouped<Item>(
  items: readonly Item[],
  flowOf: (item: Item) => string,
): ReadonlyMap<string, Item[]> {
  const queues = new Map<string, Item[]>();
  for (const item of items) {
    const queue = queues.get(flowOf(item)) ?? [];
    queue.push(item);
    queues.set(flowOf(item), queue);
  }
  return queues;
}

/** The flows in a fixed order, beginning after the one that was visited last. */
function ringAfter(flows: readonly string[], last: string | null): readonly string[] {
  const sorted = flows.toSorted();
  if (last === null) return sorted;
  const next = sorted.findIndex((flow) => flow > last);
  return next < 0 ? sorted : [...sorted.slice(next), ...sorted.slice(0, next)];
}

function withoutEmpty(credit: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...credit].filter(([, left]) => left > 0));
}
