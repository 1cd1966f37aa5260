import { readPlace } from '#app/change-place.ts';
import type { Rollouts } from '#app/rollouts.ts';
import { sameArtifact } from '#core/same-artifact.ts';
import { loadRollout, openRollouts } from './rollout-stream.ts';

/** What can be known of rollouts without changing any. */
export const rolloutReads: Pick<Rollouts, 'read' | 'active' | 'open' | 'live' | 'before'> = {
  async read(tx, id) {
    return (await loadRollout(tx, id, false))?.state ?? null;
  },
  async active(tx, service, environment) {
    const open = await openRollouts(tx, service, environment);
    return open.find(({ startedAt }) => startedAt !== null) ?? null;
  },
  open: openRollouts,
  async live(tx, service, environment) {
    return (await readPlace(tx, service, environment)).settled[0] ?? null;
  },
  async before(tx, service, environment) {
    const { settled, holds } = await readPlace(tx, service, environment);
    const live = settled[0]?.artifact ?? null;
    const earlier = settled.find(
      ({ artifact }) =>
        !sameArtifact(artifact, live) &&
        !holds.some((hold) => sameArtifact(hold.artifact, artifact)),
    );
    if (earlier !== undefined) return earlier.artifact;
    const last = settled[0];
    const released = last === undefined ? null : await loadRollout(tx, last.rollout, false);
    return released?.state.plan?.previous ?? null;
  },
};
