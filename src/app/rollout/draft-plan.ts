import type { World } from '#app/world.ts';
import { artifactIsDigest } from '#core/access/hard-rules.ts';
import type { Analysis } from '#core/analysis/metric.ts';
import { canonicalJson } from '#core/canonical.ts';
import type { RolloutId } from '#core/ids.ts';
import type { Actor } from '#core/people.ts';
import type { Plan } from '#core/plan.ts';
import { makePlan } from '#core/planning.ts';
import { refusal } from '#core/refusal.ts';
import type { Artifact } from '#core/release.ts';
import { no, ok, type Result } from '#core/result.ts';
import { expectTraffic } from './expect-traffic.ts';
import { inspectTargets } from './inspect-targets.ts';

/** What a plan is drafted for. */
export interface PlanWish {
  readonly rollout: RolloutId;
  readonly intent: 'deploy' | 'rollback';
  readonly service: string;
  readonly environment: string;
  readonly artifact: Artifact;
  readonly requester: Actor;
  readonly reason: string;
  readonly breakGlass: boolean;
}

/** A plan and the hash of its canonical bytes. */
export interface HashedPlan {
  readonly plan: Plan;
  readonly hash: string;
}

/**
 * Looks at the world and writes down what would be done. Changes nothing.
 * Refusals: `environment.not_for_service`, `version.already_live`, `plan.unmakeable`.
 * @throws Fault `target.unavailable`
 */
export async function draftPlan(world: World, wish: PlanWish): Promise<Result<HashedPlan>> {
  const unpinned = artifactIsDigest(wish.artifact);
  if (unpinned !== null) return no(unpinned);
  const { settings, lookup } = world.settings();
  const place = lookup.place(wish.service, wish.environment);
  const strategy = place === null ? undefined : settings.strategies[place.strategy];
  if (place === null || strategy === undefined) {
    return no(
      refusal(
        'environment.not_for_service',
        `${wish.service} is not configured for ${wish.environment}.`,
        `Choose one of: ${lookup.path(wish.service).join(', ')}.`,
      ),
    );
  }
  const analysis = place.analysis === null ? null : (settings.analyses[place.analysis] ?? null);
  const inspected = await inspectTargets(world, place);
  const expected =
    analysis === null || wish.intent === 'rollback'
      ? new Map()
      : await expectTraffic(world, analysis, place, inspected);
  const made = makePlan({
    ...wish,
    place,
    strategy,
    analysis,
    targets: inspected.map(({ drift: _, takesBaseline: __, ...target }) => target),
    expected,
    freshBaseline: inspected.every(({ takesBaseline }) => takesBaseline),
    policyDigest: lookup.policyDigest(wish.service, wish.environment),
    lint: [
      ...inspected.flatMap(({ target, drift }) => (drift === null ? [] : [`${target}: ${drift}`])),
      ...(analysis === null ? [] : lintOf(world, analysis)),
    ],
    now: world.clock.now(),
    nonce: world.random.token(128),
  });
  return made.ok ? ok(hashPlan(world, made.value)) : made;
}

/** What each metric's own source has to remark. */
function lintOf(world: World, { metrics, source }: Analysis): readonly string[] {
  return metrics.flatMap((metric) => world.metrics(metric.source ?? source).lint(metric));
}

/** Adds the hash to which approvals bind. The prefix keeps it apart from every other hash. */
export function hashPlan(world: World, plan: Plan): HashedPlan {
  return { plan, hash: world.crypto.sha256(`signalbox-plan-v1\0${canonicalJson(plan)}`) };
}
