import type { Anchor } from '#ports/anchor.ts';

/** An anchor in memory. */
export function createMemoryAnchor(name = 'memory'): Anchor {
  let newest: string | null = null;
  return {
    name,
    async publish(checkpoint) {
      newest = checkpoint;
    },
    newest: async () => newest,
  };
}
