import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { DesiredState, decideDesired, firstState } from '#core/desired-state.ts';
import { Fault } from '#core/fault.ts';
import type { Artifact } from '#core/release.ts';
import type { DeliveryTarget, TargetStatus } from '#ports/delivery-target.ts';
import { type HistoryEffect, type HistoryOutage, wayBack } from '../invariants/history.ts';

/**
 * A cluster that outlives the processes that write to it: the state of each service is one file,
 * replaced whole, and every change that took effect is a line in its log.
 */
export function fileCluster(
  folder: string,
  initial: (service: string) => Artifact,
  /** From the first call on nobody gets through for so long. */
  outageMs = 0,
): DeliveryTarget {
  let backAt: number | null = null;

  /** @throws Fault while it is out of reach */
  function reach(): void {
    const now = Date.now();
    if (backAt === null) {
      backAt = now + outageMs;
      const outage: HistoryOutage = { of: 'target', from: now, to: backAt };
      if (outageMs > 0) appendFileSync(`${folder}/outages.jsonl`, `${JSON.stringify(outage)}\n`);
    }
    if (now >= backAt) return;
    const soon = { retryable: true, retryAfterMs: backAt - now };
    throw new Fault('target.unavailable', 'nobody answers', soon);
  }

  function stateFile(service: string): string {
    return `${folder}/cluster-${service}.json`;
  }

  function read(service: string): DesiredState {
    const file = stateFile(service);
    if (!existsSync(file)) return firstState(initial(service));
    return DesiredState.parse(JSON.parse(readFileSync(file, 'utf8')));
  }

  return {
    async inspect({ service }): Promise<TargetStatus> {
      reach();
      const { stable, candidate, weight, stamp, jobs } = read(service);
      const side = (artifact: Artifact, ready = 2) => ({ artifact, wanted: 2, ready });
      // While it has less traffic stable has less capacity, until somebody asks for it back.
      const stableReady = weight > 0 && stamp !== null && stamp.step < wayBack ? 1 : 2;
      return {
        identity: 'cluster-1',
        stable: stable === null ? null : side(stable, stableReady),
        candidate: candidate === null ? null : side(candidate.artifact),
        weight,
        weightProof: 'measured',
        stamp,
        problems: [],
        jobs: Object.fromEntries(Object.keys(jobs).map((job) => [job, 'succeeded' as const])),
        drift: null,
      };
    },
    async change({ service }, change, stamp, identity) {
      reach();
      if (identity !== 'cluster-1') {
        throw new Fault('target.identity_changed', 'another cluster', { retryable: false });
      }
      const decision = decideDesired(read(service), change, stamp);
      if (decision.kind === 'keep') return;
      if (decision.kind === 'write') {
        const effect: HistoryEffect = { at: Date.now(), target: service, change, stamp };
        const file = stateFile(service);
        writeFileSync(`${file}.new`, JSON.stringify(decision.desired));
        renameSync(`${file}.new`, file);
        appendFileSync(`${folder}/effects.jsonl`, `${JSON.stringify(effect)}\n`);
        return;
      }
      const code = decision.kind === 'fenced' ? 'store.fenced' : 'target.rejected';
      appendFileSync(`${folder}/refused.jsonl`, `${JSON.stringify({ change, stamp, code })}\n`);
      throw new Fault(code, decision.because, { retryable: false });
    },
  };
}

/** One of the logs of a folder; empty when nothing was written to it. */
export function logOf<Line>(folder: string, name: string): readonly Line[] {
  return textOf(folder, name)
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Line => JSON.parse(line));
}

/** The text of a file of a folder; empty when it is not there. */
export function textOf(folder: string, name: string): string {
  const file = `${folder}/${name}`;
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
