import type { Suspect } from './events.ts';
import type { AlertGroup } from './group.ts';

/** So many times likelier than any other must a suspect be to be the clear one. */
const clearly = 3;

/**
 * The release of something that the alerting service needs which is held against an alert without
 * a person's word: measured to have been healthy before its first traffic and bad after it, and
 * far likelier than every other suspect that measurements do not speak for. Null when none is.
 * A suspect of the alerting service itself is held by time and place, not by this.
 */
export function soleSuspect({
  suspects,
  cleared,
}: Pick<AlertGroup, 'suspects' | 'cleared'>): Suspect | null {
  const open = suspects.filter(
    ({ rollout, health }) =>
      health?.before !== 'unhealthy' && !cleared.some((one) => one.rollout === rollout),
  );
  const [first, second] = open;
  if (first === undefined || first.distance === 0 || first.health?.before !== 'healthy')
    return null;
  return second !== undefined && second.score * clearly > first.score ? null : first;
}

/** Whether measurements speak for a release: what rings was bad before it had any traffic. */
export function isExonerated({ suspects }: Pick<AlertGroup, 'suspects'>, rollout: string): boolean {
  const suspect = suspects.find((one) => one.rollout === rollout);
  return suspect?.health?.before === 'unhealthy';
}
