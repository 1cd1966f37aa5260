import { spendBreakGlass } from '#app/break-glass.ts';
import type { RolloutRequest, Rollouts } from '#app/rollouts.ts';
import type { World } from '#app/world.ts';
import { refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import type { RolloutCommand } from '#core/rollout/command.ts';
import { decide } from '#core/rollout/decide.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { sameArtifact } from '#core/same-artifact.ts';
import type { Transaction } from '#ports/store.ts';
import type { Project } from './advance.ts';
import { draftPlan } from './draft-plan.ts';
import { rolloutReads } from './rollout-reads.ts';
import { loadRollout, openRollouts, writeRollout } from './rollout-stream.ts';

/** What people do with rollouts, over the store. */
export function createRollouts(world: World, project: Project): Rollouts {
  const breakGlassPerDay = (): number => world.settings().settings.access.breakGlassPerDay;

  async function write(
    tx: Transaction,
    id: string,
    events: readonly RolloutEvent[],
    actor: RolloutState['requester'],
  ): Promise<RolloutState> {
    const before = await loadRollout(tx, id, true);
    const state = await writeRollout(tx, { id, before, events, actor, wakeAt: tx.now });
    const version = (before?.record.version ?? 0) + events.length;
    await project(tx, state, { events, version });
    return state;
  }

  async function change(
    tx: Transaction,
    id: string,
    command: RolloutCommand,
  ): Promise<Result<RolloutState>> {
    const stored = await loadRollout(tx, id, true);
    if (stored === null) {
      return no(
        refusal('rollout.unknown', `There is no rollout ${id}.`, 'See the open ones with status.'),
      );
    }
    if (command.kind === 'override') {
      const spent = await spendBreakGlass(tx, command.by, breakGlassPerDay());
      if (!spent.ok) return spent;
    }
    const decided = decide(stored.state, command, tx.now);
    if (!decided.ok) return decided;
    return ok(await write(tx, id, decided.value, command.by));
  }

  async function request(tx: Transaction, wish: RolloutRequest): Promise<Result<RolloutState>> {
    const open = await openRollouts(tx, wish.service, wish.environment);
    const same = open.find(
      (other) => sameArtifact(other.artifact, wish.artifact) && other.intent === wish.intent,
    );
    if (same !== undefined) {
      return no(
        refusal(
          'rollout.already_requested',
          `${same.id} already brings ${wish.artifact.version} to ${wish.environment}.`,
          `Follow ${same.id}, or abort it first.`,
        ),
      );
    }
    if (wish.breakGlass) {
      const spent = await spendBreakGlass(tx, wish.requester, breakGlassPerDay());
      if (!spent.ok) return spent;
    }
    const id = `${wish.service}-${await tx.nextNumber(`rollout:${wish.service}`)}`;
    const state = await write(tx, id, [requested(id, wish)], wish.requester);
    if (wish.steal) await giveWay(tx, open, state);
    return ok(state);
  }

  /** Those that hold or await the place make room, and their threads say for whom. */
  async function giveWay(
    tx: Transaction,
    open: readonly RolloutState[],
    winner: RolloutState,
  ): Promise<void> {
    for (const other of open) {
      if (other.phase === 'aborting' || other.phase === 'stuck') continue;
      if (other.startedAt === null) {
        await write(
          tx,
          other.id,
          [{ kind: 'rollout.superseded', by: winner.id }],
          winner.requester,
        );
        continue;
      }
      await change(tx, other.id, {
        kind: 'abort',
        by: winner.requester,
        cause: {
          // Whoever goes back over a release has something against it.
          kind: winner.intent === 'deploy' ? 'taken_over' : 'person',
          detail: `${winner.requester.displayName} took over with ${winner.id}`,
        },
      });
    }
  }

  return {
    request,
    change,
    async plan(wish) {
      return draftPlan(world, { ...wish, rollout: `${wish.service}-preview` });
    },
    ...rolloutReads,
  };
}

function requested(id: string, wish: RolloutRequest): RolloutEvent {
  return {
    kind: 'rollout.requested',
    rollout: id,
    intent: wish.intent,
    service: wish.service,
    environment: wish.environment,
    artifact: wish.artifact,
    requester: wish.requester,
    reason: wish.reason,
    breakGlass: wish.breakGlass,
    origin: wish.origin === null ? null : { ...wish.origin },
  };
}
