import type { Project } from '#app/rollout/advance.ts';
import type { World } from '#app/world.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';
import { firingGroups } from './alert-stream.ts';
import type { ProjectAlert } from './project-alert.ts';

/** What changes the buttons and the words under an alert. */
const news: ReadonlySet<RolloutEvent['kind']> = new Set([
  'rollout.requested',
  'rollout.started',
  'rollout.paused',
  'rollout.resumed',
  'rollback.announced',
  'rollback.stopped',
  'abort.begun',
  'rollout.stuck',
  'rollout.succeeded',
  'rollout.rolled_back',
  'rollout.cancelled',
]);

/** Tells chat about a rollout, and writes anew the cards of alerts that suspect its place. */
export function followRollouts(
  { settings }: Pick<World, 'settings'>,
  project: Project,
  alert: ProjectAlert,
): Project {
  return async (tx, state, change) => {
    await project(tx, state, change);
    if (settings().settings.alerts === undefined) return;
    if (!change.events.some(({ kind }) => news.has(kind))) return;
    for (const group of await firingGroups(tx)) {
      const concerned = group.suspects.some(
        ({ service, environment }) =>
          service === state.service && environment === state.environment,
      );
      if (concerned) await alert(tx, group, { events: [], version: 0 });
    }
  };
}
