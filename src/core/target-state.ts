import type { Artifact } from './release.ts';

/** One copy of the service: what it runs and how much of it is ready. */
export interface TargetSide {
  readonly artifact: Artifact;
  readonly wanted: number;
  readonly ready: number;
}

export interface TargetProblem {
  readonly code:
    | 'image_pull'
    | 'crash_loop'
    | 'never_ready'
    | 'unschedulable'
    | 'quota'
    | 'deadline'
    | 'missing_reference'
    | 'job_failed'
    | 'other';
  /** Plain text from the world, at most 500 characters: escape before rendering. */
  readonly text: string;
}

/** Written with every change, so that a change can be recognised as already made. */
export interface Stamp {
  readonly rollout: string;
  readonly planHash: string;
  readonly step: number;
  readonly fence: number;
}

/** What runs at a target now, read from the world. */
export interface TargetStatus {
  /** Cluster, namespace and object ids in one opaque text. */
  readonly identity: string;
  readonly stable: TargetSide | null;
  readonly candidate: TargetSide | null;
  /** The fresh copy of stable; absent where the target cannot run one. */
  readonly baseline?: TargetSide | null;
  /** Percent of the traffic that the candidate receives, as in force. */
  readonly weight: number;
  /** `measured`: seen in traffic. `accepted`: the router says so. `pending`: not yet in force. */
  readonly weightProof: 'measured' | 'accepted' | 'pending';
  /** The share that the asked weight comes to, in percent, where copies cannot be split finer. */
  readonly achieved?: number;
  readonly stamp: Stamp | null;
  readonly problems: readonly TargetProblem[];
  /** State of jobs by name, for `run` changes of the present rollout. */
  readonly jobs: Readonly<Record<string, 'running' | 'succeeded' | 'failed'>>;
  /** What differs from what Signalbox last wrote, one plain sentence; null when nothing does. */
  readonly drift: string | null;
}

/** A state to converge to. Asked again, it changes nothing more. */
export type TargetChange =
  /** The candidate runs `artifact` with this share of stable's capacity, without traffic. */
  | {
      readonly kind: 'prepare';
      readonly artifact: Artifact;
      readonly capacityPercent: number;
      /** A copy of stable, as young and as large as the candidate, serves the same share as it. */
      readonly baseline?: true | undefined;
    }
  /** The candidate receives this share; its capacity follows where the target needs that. */
  | { readonly kind: 'shift'; readonly weight: number }
  /**
   * The candidate becomes stable at full capacity; the former stable stays as a way back, as a
   * candidate of weight 0, until `retire`.
   */
  | { readonly kind: 'promote' }
  /** What is not stable is removed. */
  | { readonly kind: 'retire' }
  /** Stable runs `artifact`, replaced in place. */
  | { readonly kind: 'replace'; readonly artifact: Artifact }
  /** Stable is at full capacity: before traffic goes back to it. */
  | { readonly kind: 'restore' }
  | { readonly kind: 'run'; readonly job: string; readonly artifact: Artifact };
