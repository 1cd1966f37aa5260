import { suggestion } from '#core/grammar/suggest.ts';
import { refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Scope } from './authority.ts';
import type { Look } from './command.ts';
import { nameEnvironment, nameService } from './name-place.ts';

/** A rollout as somebody named it: by its id, or by the place where it is under way. */
export interface RolloutWords {
  readonly rollout?: string | undefined;
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
}

/** A rollout as the subject of a command. */
export interface RolloutSubject extends Scope {
  readonly service: string;
  readonly environment: string;
  readonly rollout: RolloutState;
}

/**
 * Finds the rollout that is meant, by its id even when it has ended, by its place only while it is
 * under way. Where several could be meant it asks: nothing is guessed.
 * Refusals: `rollout.unknown`, `rollout.none_active`, `command.syntax`, those of names.
 */
export async function nameRollout(
  look: Look,
  words: RolloutWords,
): Promise<Result<RolloutSubject>> {
  const { rollouts } = look;
  const { rollout: id, service, environment } = words;
  if (id !== undefined) {
    const state = await look.read((tx) => rollouts.read(tx, id));
    if (state !== null) return subject(state);
    const open = await look.read((tx) => rollouts.open(tx));
    const known = open.map((one) => one.id);
    return no(
      refusal('rollout.unknown', `There is no rollout “${id}”.`, suggestion(id, known, 'rollouts')),
    );
  }
  const named = checkNames(look, service, environment);
  if (!named.ok) return named;
  const open = await look.read((tx) => rollouts.open(tx, service, environment));
  const [only, ...others] = open;
  if (only === undefined) {
    return no(
      refusal(
        'rollout.none_active',
        `Nothing is rolling out${whereWords(service, environment)}.`,
        'See status for what runs where.',
      ),
    );
  }
  if (service !== undefined && others.length === 0) return subject(only);
  const choice = open.slice(0, 8).map((one) => `${one.id} (${one.environment})`);
  return no(
    refusal('command.syntax', 'Say which release is meant.', `On the way: ${choice.join(', ')}.`),
  );
}

function checkNames(
  look: Look,
  service: string | undefined,
  environment: string | undefined,
): Result<unknown> {
  if (service !== undefined) {
    const found = nameService(look.settings, service);
    if (!found.ok) return found;
  }
  return environment === undefined ? ok(null) : nameEnvironment(look.settings, environment);
}

function subject(rollout: RolloutState): Result<RolloutSubject> {
  return ok({ service: rollout.service, environment: rollout.environment, rollout });
}

function whereWords(service: string | undefined, environment: string | undefined): string {
  const of = service === undefined ? '' : ` of ${service}`;
  return environment === undefined ? of : `${of} in ${environment}`;
}
