/** How many instances of a side there should be, and how many can serve. */
export interface Capacity {
  readonly wanted: number;
  readonly ready: number;
}

/**
 * The weight to put in force now, in percent for the candidate. The receiving side comes first: a
 * weight rises when the whole candidate is ready, traffic goes back as soon as stable can serve,
 * and a promotion takes effect when the new stable is at full capacity. A candidate without any
 * instance loses its traffic at once.
 */
export function weightInForce(question: {
  readonly desired: number;
  readonly present: number;
  readonly stable: Capacity | null;
  readonly candidate: Capacity | null;
  readonly promoting: boolean;
}): number {
  const { desired, present, stable, candidate, promoting } = question;
  if (candidate === null || candidate.ready === 0) return 0;
  if (desired > present) return candidate.ready >= candidate.wanted ? desired : present;
  if (stable === null) return desired;
  const needed = promoting ? stable.wanted : 1;
  return stable.ready >= needed ? desired : present;
}

/** Chooses the side of each request so that the split is even at every moment, not only on average. */
export function createSplitter(): { candidateIsNext(weight: number): boolean } {
  let owed = 50;
  return {
    candidateIsNext(weight) {
      owed += weight;
      if (owed < 100) return false;
      owed -= 100;
      return true;
    },
  };
}
