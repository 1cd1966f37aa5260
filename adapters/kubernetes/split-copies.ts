/** How many copies each side has. */
export interface Copies {
  readonly stable: number;
  readonly candidate: number;
}

/**
 * The split of `total` copies nearest to `weight` percent for the candidate; on a tie the larger
 * candidate. Weights of 1 to 99 leave at least one copy on either side where two may run. With
 * `surge` one more copy than `total` may run where that comes nearer. After the rules of Argo
 * Rollouts for a canary without a traffic router.
 */
export function splitCopies(total: number, weight: number, surge: boolean): Copies {
  const exact = splitWithin(total, weight);
  if (!surge || total === 0) return exact;
  const wider = splitWithin(total + 1, weight);
  return distance(wider, weight) < distance(exact, weight) ? wider : exact;
}

/**
 * Where stable may not shrink because an autoscaler owns its size: the candidate that comes nearest
 * to the share beside it. A share of 100 cannot be had so; `most` copies are as near as it gets.
 */
export function copiesBeside(stable: number, weight: number, most: number): Copies {
  if (weight <= 0) return { stable, candidate: 0 };
  if (weight >= 100) return { stable, candidate: most };
  const exact = (stable * weight) / (100 - weight);
  const options = [Math.max(1, Math.floor(exact)), Math.max(1, Math.ceil(exact))];
  const [low = 1, high = 1] = options;
  const lower = distance({ stable, candidate: low }, weight);
  const upper = distance({ stable, candidate: high }, weight);
  return { stable, candidate: Math.min(most, upper <= lower ? high : low) };
}

/** The candidate's share of the copies in percent, rounded. */
export function shareOf({ stable, candidate }: Copies): number {
  const total = stable + candidate;
  return total === 0 ? 0 : Math.round((100 * candidate) / total);
}

function splitWithin(total: number, weight: number): Copies {
  if (weight <= 0) return { stable: total, candidate: 0 };
  if (weight >= 100) return { stable: 0, candidate: total };
  const nearest = Math.floor((total * weight) / 100 + 0.5);
  const candidate = total >= 2 ? Math.min(total - 1, Math.max(1, nearest)) : nearest;
  return { stable: total - candidate, candidate };
}

function distance({ stable, candidate }: Copies, weight: number): number {
  const total = stable + candidate;
  return total === 0 ? 100 : Math.abs((100 * candidate) / total - weight);
}
