/** A live release and the channel that its card is in. */
export interface LiveCard {
  readonly rollout: string;
  readonly platform: string;
  readonly tenant: string;
  readonly channel: string;
}

/** A board for one channel: what is on it, and which part it is when one does not hold all. */
export interface Board {
  /** Id of its surface. */
  readonly id: string;
  readonly platform: string;
  readonly tenant: string;
  readonly channel: string;
  readonly rollouts: readonly string[];
  readonly part: number;
  readonly parts: number;
}

/** Above so many live cards in a tenant a board per channel shows progress; below the other, cards do again. */
const boardsFrom = 20;
const cardsUntil = 15;

/** Which tenants show progress on boards. `now` on boards: kept until clearly fewer are live. */
export function tenantsOnBoards(
  live: readonly LiveCard[],
  before: ReadonlySet<string>,
): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const card of live) counts.set(tenantKey(card), (counts.get(tenantKey(card)) ?? 0) + 1);
  return new Set(
    [...counts]
      .filter(([tenant, count]) => count > (before.has(tenant) ? cardsUntil : boardsFrom))
      .map(([tenant]) => tenant),
  );
}

/** Names a tenant of a platform. */
export function tenantKey(card: Pick<LiveCard, 'platform' | 'tenant'>): string {
  return `${card.platform}/${card.tenant}`;
}

/**
 * The boards of the channels of these tenants. On them, metric ticks of single cards are not
 * desired; phase changes still are.
 */
export function boardsOf(
  live: readonly LiveCard[],
  onBoards: ReadonlySet<string>,
  rows: number,
): readonly Board[] {
  const channels = new Map<string, LiveCard[]>();
  for (const card of live.filter((one) => onBoards.has(tenantKey(one)))) {
    const key = `${tenantKey(card)}/${card.channel}`;
    const cards = channels.get(key) ?? [];
    cards.push(card);
    channels.set(key, cards);
  }
  return [...channels].flatMap(([key, cards]) => boardsOfChannel(key, cards, rows));
}

function boardsOfChannel(key: string, cards: readonly LiveCard[], rows: number): readonly Board[] {
  const first = cards[0];
  if (first === undefined) return [];
  const { platform, tenant, channel } = first;
  const rollouts = cards.map(({ rollout }) => rollout).toSorted();
  const parts = Math.ceil(rollouts.length / rows);
  return Array.from({ length: parts }, (_, index) => ({
    id: `board:${key}:${index + 1}`,
    platform,
    tenant,
    channel,
    rollouts: rollouts.slice(index * rows, (index + 1) * rows),
    part: index + 1,
    parts,
  }));
}
