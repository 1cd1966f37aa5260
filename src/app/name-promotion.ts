import { refusal } from '#core/refusal.ts';
import type { Artifact } from '#core/release.ts';
import { no, ok, type Result } from '#core/result.ts';
import { sameArtifact } from '#core/same-artifact.ts';
import type { Scope } from './authority.ts';
import type { Look } from './command.ts';
import { namePlace } from './name-place.ts';
import { nameRollout } from './name-rollout.ts';

/** A promotion as somebody named it: `environment` is where it goes. */
export interface Promotion extends Scope {
  readonly service: string;
  readonly environment: string;
  readonly from: string;
  readonly artifact: Artifact;
}

/**
 * What would be promoted: without a service, what the thread is about; without an environment it is the one step of the path where something
 * newer waits; where several do, it asks.
 * Refusals: `promotion.no_next`, `promotion.not_verified`, `command.syntax`, those of names.
 */
export async function namePromotion(
  look: Look,
  of: string | undefined,
  where: string | undefined,
): Promise<Result<Promotion>> {
  const hanging = of === undefined ? await nameRollout(look, {}) : null;
  if (hanging !== null && !hanging.ok) return hanging;
  const service = of ?? hanging?.value.service ?? '';
  const from = where ?? hanging?.value.environment;
  const { lookup } = look.settings;
  const place = namePlace(look.settings, service, from ?? lookup.path(service)[0]);
  if (!place.ok) return place;
  if (from !== undefined) return step(look, service, from);

  const ready: Promotion[] = [];
  for (const environment of lookup.path(service).slice(0, -1)) {
    const promotion = await step(look, service, environment);
    if (promotion.ok && !(await runsAlready(look, promotion.value))) ready.push(promotion.value);
  }
  const [only, ...others] = ready;
  if (only === undefined) {
    return no(
      refusal(
        'promotion.not_verified',
        `Nothing of ${service} is ready to be promoted.`,
        'See status for what runs where.',
      ),
    );
  }
  if (others.length === 0) return ok(only);
  const choice = ready.map((one) => `${one.from} (${one.artifact.version})`).join(', ');
  return no(
    refusal(
      'command.syntax',
      `Several versions of ${service} are ready to be promoted.`,
      `Say from which environment: ${choice}.`,
    ),
  );
}

async function step(look: Look, service: string, from: string): Promise<Result<Promotion>> {
  const environment = look.settings.lookup.next(service, from);
  if (environment === null) {
    return no(
      refusal(
        'promotion.no_next',
        `${from} is the last environment of ${service}.`,
        'There is nowhere further to go.',
      ),
    );
  }
  const live = await look.read((tx) => look.rollouts.live(tx, service, from));
  if (live === null) {
    return no(
      refusal(
        'promotion.not_verified',
        `No verified release of ${service} runs in ${from}.`,
        `Release it to ${from} first.`,
      ),
    );
  }
  return ok({ service, environment, from, artifact: live.artifact });
}

async function runsAlready(look: Look, promotion: Promotion): Promise<boolean> {
  const { service, environment, artifact } = promotion;
  const there = await look.read((tx) => look.rollouts.live(tx, service, environment));
  return there !== null && sameArtifact(there.artifact, artifact);
}
