import { randomUUID } from 'node:crypto';
import { changePlace } from '#app/change-place.ts';
import { openRollouts } from '#app/rollout/rollout-stream.ts';
import type { Rollouts } from '#app/rollouts.ts';
import type { World } from '#app/world.ts';
import { releaseLock } from '#core/place/decide.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { HistoryAnswer } from '../invariants/history.ts';
import { laneArtifact } from './scenario.ts';

const environment = 'production';

const person = (user: string) => ({
  person: user,
  account: { platform: 'console', tenant: 'console', user },
  displayName: user,
});

/** The people of the crash tests. */
export interface Crew {
  /** Asks for the next release of a service; what a rollback locked is unlocked first. */
  ask(service: string): Promise<void>;
  /** Approves whatever waits for it. Resolves with all that is open. */
  approveWhatWaits(): Promise<readonly RolloutState[]>;
  /** Whether every message says what it should. */
  allIsTold(): Promise<boolean>;
}

/** People who act as commands have it. `answered` is called with what they are told. */
export function createCrew(
  { store, queue, clock }: World,
  rollouts: Rollouts,
  answered: (answer: HistoryAnswer) => void,
): Crew {
  /** As after a command: whoever is not woken is found by the reconciler. */
  async function wake(subject: string): Promise<void> {
    await queue.wake({ topic: 'rollout', subject, attempt: randomUUID() }, null).catch(() => {});
  }

  async function ask(service: string): Promise<void> {
    const asked = await store.transact(async (tx) => {
      const release = releaseLock({ by: person('linus'), reason: 'looked at', others: true });
      await changePlace(tx, service, environment, release, person('linus'));
      const before = await tx.streams({ kind: 'rollout', service });
      return rollouts.request(tx, {
        ...{ intent: 'deploy', service, environment, breakGlass: false, steal: false },
        artifact: laneArtifact(service, `v${before.length + 2}`),
        requester: person('ada'),
        reason: service,
        origin: null,
      });
    });
    answered({ at: Date.now(), rollout: asked.ok ? asked.value.id : null });
    if (asked.ok) await wake(asked.value.id);
  }

  async function approve({ id, planHash }: RolloutState): Promise<void> {
    await store.transact((tx) =>
      rollouts.change(tx, id, {
        kind: 'approve',
        by: person('grace'),
        hash: planHash,
        role: 'approver',
        method: 'chat',
        comment: '',
        evidence: [],
        expiresAt: clock.now() + 3_600_000,
      }),
    );
    await wake(id);
  }

  async function approveWhatWaits(): Promise<readonly RolloutState[]> {
    const open = await store.transact((tx) => openRollouts(tx));
    for (const rollout of open) {
      const { phase, approvals, planHash } = rollout;
      if (phase === 'waiting' && approvals.every(({ hash }) => hash !== planHash)) {
        await approve(rollout);
      }
    }
    return open;
  }

  async function allIsTold(): Promise<boolean> {
    const unsent = await store.transact((tx) => tx.dueSurfaces(tx.now + 3_600_000, 1));
    return unsent.length === 0;
  }

  return { ask, approveWhatWaits, allIsTold };
}
