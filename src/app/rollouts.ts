import type { Instant, RolloutId } from '#core/ids.ts';
import type { Actor } from '#core/people.ts';
import type { Plan } from '#core/plan.ts';
import type { Artifact } from '#core/release.ts';
import type { Result } from '#core/result.ts';
import type { RolloutCommand } from '#core/rollout/command.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { ChannelRef } from '#ports/gateway.ts';
import type { Transaction } from '#ports/store.ts';

/** A release as somebody asked for it, artifact resolved. */
export interface RolloutRequest {
  readonly intent: 'deploy' | 'rollback';
  readonly service: string;
  readonly environment: string;
  readonly artifact: Artifact;
  readonly requester: Actor;
  readonly reason: string;
  readonly breakGlass: boolean;
  /** Take the place of the rollout that holds the environment; the loser is told. */
  readonly steal: boolean;
  readonly origin: ChannelRef | null;
}

/**
 * What commands do with rollouts. Each runs in the caller's transaction, so that the change, its
 * audit and the finished inbox row commit together; the worker is woken after the commit.
 */
export interface Rollouts {
  /** Refusals: `version.already_live`, `rollout.already_requested`, `version.held` (for automation) ... */
  request(tx: Transaction, request: RolloutRequest): Promise<Result<RolloutState>>;
  change(tx: Transaction, id: RolloutId, command: RolloutCommand): Promise<Result<RolloutState>>;
  /** Makes a plan without doing anything: for `/release plan`. */
  plan(request: RolloutRequest): Promise<Result<{ readonly plan: Plan; readonly hash: string }>>;
  read(tx: Transaction, id: RolloutId): Promise<RolloutState | null>;
  /** The rollout that holds the place now, if any. */
  active(tx: Transaction, service: string, environment: string): Promise<RolloutState | null>;
  /** Not ended, oldest first: the active one and those that wait. */
  open(tx: Transaction, service?: string, environment?: string): Promise<readonly RolloutState[]>;
  /** What runs in the place and since when, by the ledger. */
  live(
    tx: Transaction,
    service: string,
    environment: string,
  ): Promise<{
    readonly artifact: Artifact;
    readonly rollout: RolloutId;
    readonly at: Instant;
  } | null>;
  /** The release before the live one: where a rollback goes. */
  before(tx: Transaction, service: string, environment: string): Promise<Artifact | null>;
}
