import { readWatchOf } from '#app/alerts/watch-stream.ts';
import { readPlace } from '#app/change-place.ts';
import { readRecords } from '#app/figures/read-figures.ts';
import { rolloutStream } from '#app/rollout/rollout-stream.ts';
import { readRolloutEvent } from '#app/rollout/trust-boundary.ts';
import type { Rollouts } from '#app/rollouts.ts';
import type { SettingsSnapshot } from '#app/world.ts';
import { linkedAlerts } from '#core/alerts/watch.ts';
import { deploymentsOf } from '#core/figures/deployments.ts';
import { type Postmortem, postmortemOf } from '#core/postmortem/postmortem.ts';
import type { PostmortemQuestion } from '#core/postmortem/question.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Transaction } from '#ports/store.ts';

const eventsAtMost = 5000;

/** Everything that the ledger knows of a release, as a story. */
export async function readPostmortem(
  tx: Transaction,
  { settings, lookup }: SettingsSnapshot,
  rollouts: Pick<Rollouts, 'read'>,
  state: RolloutState,
): Promise<Postmortem> {
  const events = await tx.events({ stream: rolloutStream(state.id), limit: eventsAtMost });
  const watch = await readWatchOf(tx, state.id);
  // What came after it was asked for later: older ones are not needed to tell what became of it.
  const records = await readRecords(tx, state.requestedAt, state);
  const rules = { hotfixMs: settings.figures.hotfix * 1000 };
  const alerts = watch === null ? [] : linkedAlerts(watch);
  const deployment =
    deploymentsOf(records, alerts, rules).find(({ record }) => record.rollout === state.id) ?? null;
  const after = records
    .filter(({ rollout, requestedAt, phase }) => {
      return rollout !== state.id && requestedAt > state.requestedAt && phase !== 'cancelled';
    })
    .at(-1);
  const successor =
    after === undefined || state.phase !== 'succeeded'
      ? null
      : await rollouts.read(tx, after.rollout);
  return postmortemOf({
    state,
    events: events.map(({ seq, at, actor, body }) => ({
      seq,
      at,
      actor,
      event: readRolloutEvent(body),
    })),
    deployment,
    successor,
    troubles: watch?.troubles ?? [],
    before: await beforeIt(tx, lookup.previous(state.service, state.environment), state),
  });
}

/** Whether the same artifact had been live in the environment before this one when it was asked for. */
async function beforeIt(
  tx: Transaction,
  environment: string | null,
  { service, artifact, requestedAt }: RolloutState,
): Promise<PostmortemQuestion['before']> {
  if (environment === null) return null;
  const { settled } = await readPlace(tx, service, environment);
  const passed = settled.some(
    ({ artifact: { digest }, at }) => digest === artifact.digest && at <= requestedAt,
  );
  return { environment, passed };
}
