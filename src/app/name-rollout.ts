import { suggestion } from '#core/grammar/suggest.ts';
import { refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Transaction } from '#ports/store.ts';
import { readGroupOf } from './alerts/alert-stream.ts';
import type { Scope } from './authority.ts';
import { alertOfSurface, rolloutOfSurface } from './card-surface.ts';
import type { Look } from './command.ts';
import { environment, rollout, service } from './command-field.ts';
import { nameEnvironment, nameService } from './name-place.ts';

/** The fields of every command about a rollout under way. */
export const rolloutFields = {
  rollout: rollout('Which release, such as shop-12.').optional(),
  service: service('Or the service that it releases.').optional(),
  environment: environment('And where.', { introducedBy: 'in' }).optional(),
};

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
 * Finds the rollout that is meant: by its id or the thread it is spoken of in, even when it has
 * ended; by its place only while it is under way. Where several could be meant it asks.
 * Refusals: `rollout.unknown`, `rollout.none_active`, `command.syntax`, those of names.
 */
export async function nameRollout(
  look: Look,
  words: RolloutWords,
): Promise<Result<RolloutSubject>> {
  const { rollouts } = look;
  const { rollout: id, service: of, environment: where } = words;
  if (id !== undefined) {
    const state = await look.read((tx) => rollouts.read(tx, id));
    if (state !== null) return subject(state);
    const open = await look.read((tx) => rollouts.open(tx));
    const known = open.map((one) => one.id);
    return no(
      refusal('rollout.unknown', `There is no rollout “${id}”.`, suggestion(id, known, 'rollouts')),
    );
  }
  const hanging = of === undefined && where === undefined ? await ofThread(look) : null;
  if (hanging !== null) return subject(hanging);
  const named = checkNames(look, of, where);
  if (!named.ok) return named;
  const open = await look.read((tx) => rollouts.open(tx, of, where));
  const [only, ...others] = open;
  if (only === undefined) {
    return no(
      refusal(
        'rollout.none_active',
        `Nothing is rolling out${whereWords(of, where)}.`,
        'See status for what runs where.',
      ),
    );
  }
  if (of !== undefined && others.length === 0) return subject(only);
  const choice = open.slice(0, 8).map((one) => `${one.id} (${one.environment})`);
  return no(
    refusal('command.syntax', 'Say which release is meant.', `On the way: ${choice.join(', ')}.`),
  );
}

/** In the thread of a release, that release is meant; in that of an alert, its only suspect. */
async function ofThread({ inbound, rollouts, read }: Look): Promise<RolloutState | null> {
  const { channel } = inbound;
  const thread = channel?.thread ?? null;
  if (channel === null || thread === null) return null;
  return read(async (tx) => {
    const surface = await tx.surfaceOfMessage({ channel, message: thread });
    if (surface === null) return null;
    const id = rolloutOfSurface(surface.id) ?? (await onlySuspect(tx, surface.id));
    return id === null ? null : rollouts.read(tx, id);
  });
}

async function onlySuspect(tx: Transaction, surface: string): Promise<string | null> {
  const alert = alertOfSurface(surface);
  const group = alert === null ? null : await readGroupOf(tx, alert);
  const open = (group?.suspects ?? []).filter(
    ({ rollout: id }) => !group?.cleared.some((one) => one.rollout === id),
  );
  return open.length === 1 ? (open[0]?.rollout ?? null) : null;
}

function checkNames(
  look: Look,
  of: string | undefined,
  where: string | undefined,
): Result<unknown> {
  const found = of === undefined ? ok(null) : nameService(look.settings, of);
  if (!found.ok || where === undefined) return found;
  return nameEnvironment(look.settings, where);
}

function subject(state: RolloutState): Result<RolloutSubject> {
  return ok({ service: state.service, environment: state.environment, rollout: state });
}

function whereWords(of: string | undefined, where: string | undefined): string {
  const what = of === undefined ? '' : ` of ${of}`;
  return where === undefined ? what : `${what} in ${where}`;
}
