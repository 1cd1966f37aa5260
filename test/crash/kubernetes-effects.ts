import { z } from 'zod';
import { Recorded } from '#adapters/kubernetes/recorded.ts';
import type { DesiredState } from '#core/desired-state.ts';
import type { TargetChange } from '#core/target-state.ts';
import type { HistoryEffect } from '../invariants/history.ts';
import type { Nemesis } from '../kubernetes/nemesis.ts';

const Body = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }).prefault({}),
});

/** The changes that an API server took, told from the records that were written to it. */
export function effectsTaken(nemesis: Nemesis): readonly HistoryEffect[] {
  const formers = new Map<string, Recorded>();
  const effects: HistoryEffect[] = [];
  for (const { at, path, body } of nemesis.taken()) {
    const service = /\/deployments\/([a-z]+-\d+)\?/.exec(path)?.[1];
    if (service === undefined) continue;
    const text = Body.parse(JSON.parse(body)).metadata.annotations['signalbox.dev/state'];
    if (text === undefined) continue;
    const recorded = Recorded.parse(JSON.parse(text));
    const { stamp } = recorded.desired;
    const former = formers.get(service);
    // What follows from a record is written with the same record.
    const isNew = JSON.stringify(former?.desired) !== JSON.stringify(recorded.desired);
    if (isNew && stamp !== null) {
      const change = changeBetween(former?.desired ?? null, recorded.desired);
      effects.push({ at, target: service, change, stamp });
    }
    formers.set(service, recorded);
  }
  return effects;
}

function changeBetween(before: DesiredState | null, now: DesiredState): TargetChange {
  const same = before?.stamp?.rollout === now.stamp?.rollout;
  const job = Object.entries(now.jobs).find(([name]) => !same || before?.jobs[name] === undefined);
  const stable = before?.stable?.digest;
  if (now.promoted && before?.promoted !== true) return { kind: 'promote' };
  if (job !== undefined) return { kind: 'run', job: job[0], artifact: job[1] };
  if (
    now.candidate !== null &&
    before?.candidate?.artifact.digest !== now.candidate.artifact.digest
  )
    return { kind: 'prepare', ...now.candidate };
  if ((before?.weight ?? 0) !== now.weight && now.candidate !== null)
    return { kind: 'shift', weight: now.weight };
  if (now.candidate === null && (before?.candidate ?? null) !== null) return { kind: 'retire' };
  if (now.stable !== null && stable !== now.stable.digest)
    return { kind: 'replace', artifact: now.stable };
  return { kind: 'restore' };
}
