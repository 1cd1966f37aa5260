import { type Api, kinds } from './api.ts';
import { jobBody, jobName } from './bodies.ts';
import { annotations } from './names.ts';
import { isTrue } from './objects.ts';
import type { Place } from './place.ts';
import type { Recorded } from './recorded.ts';

/**
 * Starts the Jobs that the present rollout asked for and removes those of former ones. True while
 * one has not ended.
 */
export async function tendJobs(api: Api, place: Place, recorded: Recorded): Promise<boolean> {
  const { names, jobs } = place;
  let isRunning = false;
  for (const [name, artifact] of Object.entries(recorded.desired.jobs)) {
    const settings = names.settings.jobs[name];
    if (settings?.kind !== 'job') continue;
    const wanted = jobName(place, recorded, name, artifact);
    const job = jobs.find(({ metadata }) => metadata.name === wanted);
    if (job === undefined) {
      const body = jobBody(place, recorded, name, settings, artifact);
      await api.create(kinds.job, body, `Starting the job ${name}`);
    }
    const ended = ['Complete', 'Failed'].some((type) => isTrue(job?.status.conditions ?? [], type));
    isRunning ||= !ended;
  }
  const rollout = recorded.desired.stamp?.rollout;
  for (const { metadata } of jobs) {
    if (metadata.annotations[annotations.rollout] === rollout) continue;
    await api.remove(kinds.job, metadata.name, metadata.uid, `Removing ${metadata.name}`);
  }
  return isRunning;
}
