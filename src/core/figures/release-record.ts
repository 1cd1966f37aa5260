import type { Instant, RolloutId } from '#core/ids.ts';
import type { AbortCause } from '#core/rollout/events.ts';
import type { Phase, RolloutState } from '#core/rollout/state.ts';

/** What the figures need to know of one rollout, drawn from its state: all times are the ledger's. */
export interface ReleaseRecord {
  readonly rollout: RolloutId;
  readonly intent: 'deploy' | 'rollback';
  readonly service: string;
  readonly environment: string;
  readonly production: boolean;
  readonly version: string;
  readonly digest: string;
  readonly by: string;
  readonly reason: string;
  readonly phase: Phase;
  readonly requestedAt: Instant;
  readonly startedAt: Instant | null;
  /** When the first step that sends traffic to it began; null when it never got any. */
  readonly trafficAt: Instant | null;
  readonly endedAt: Instant | null;
  /** When the newest change in it was committed, where its provenance says so. */
  readonly committedAt: Instant | null;
  /** The decision that the start waited for; null when nobody had to approve. */
  readonly approvedAt: Instant | null;
  readonly breakGlass: boolean;
  /** What the analysis came to; `none` where nothing watched or nothing was judged. */
  readonly canary: 'none' | 'passed' | 'failed' | 'undecided';
  readonly abort: { readonly cause: AbortCause; readonly at: Instant } | null;
}

/** Draws the record of a rollout as it stands. */
export function recordOf(state: RolloutState): ReleaseRecord {
  const { artifact, abort } = state;
  return {
    rollout: state.id,
    intent: state.intent,
    service: state.service,
    environment: state.environment,
    production: state.plan?.production ?? false,
    version: artifact.version,
    digest: artifact.digest,
    by: state.requester.displayName,
    reason: state.reason,
    phase: state.phase,
    requestedAt: state.requestedAt,
    startedAt: state.startedAt,
    trafficAt: trafficAt(state),
    endedAt: state.endedAt,
    committedAt: artifact.source?.committedAt ?? committedAt(state),
    approvedAt: approvedAt(state),
    breakGlass: state.breakGlass || state.overrides.length > 0,
    canary: canaryOf(state),
    abort: abort === null ? null : { cause: abort.cause, at: abort.at },
  };
}

/** `replace` and `promote` send traffic as `shift` does; a rollout that ended well had all of it. */
function trafficAt(state: RolloutState): Instant | null {
  const begun = (state.plan?.steps ?? []).flatMap((step, index) => {
    const sends =
      step.kind === 'promote' ||
      step.kind === 'replace' ||
      (step.kind === 'shift' && step.weight > 0);
    return sends ? (state.steps[index]?.startedAt ?? []) : [];
  });
  if (begun.length > 0) return Math.min(...begun);
  return state.exposed || state.phase === 'succeeded' ? state.startedAt : null;
}

function approvedAt(state: RolloutState): Instant | null {
  const before = state.startedAt ?? Number.POSITIVE_INFINITY;
  const given = state.approvals.filter(({ at, revoked }) => revoked === null && at <= before);
  return given.length === 0 ? null : Math.max(...given.map(({ at }) => at));
}

function canaryOf(state: RolloutState): ReleaseRecord['canary'] {
  if (state.looks.length === 0) return 'none';
  const failed = state.abort?.cause.kind === 'verdict' || state.abort?.cause.kind === 'limit';
  if (failed) return 'failed';
  if (state.phase === 'succeeded') return 'passed';
  return 'undecided';
}

/** By the Git host, where the artifact does not say it; of what a release brings, not of what it takes away. */
function committedAt({ changes, artifact }: RolloutState): Instant | null {
  const list = changes?.list ?? null;
  return list?.to === artifact.version ? list.committedAt : null;
}
