import { suggestion } from '#core/grammar/suggest.ts';
import { refusal } from '#core/refusal.ts';
import type { Artifact } from '#core/release.ts';
import { no, ok, type Result } from '#core/result.ts';
import { pastReturn } from '#core/rollout/absorb.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';
import type { Transaction } from '#ports/store.ts';
import { inOrder } from './board.ts';
import { readPlace } from './change-place.ts';
import type { Look } from './command.ts';
import { namePlace } from './name-place.ts';
import { nameRollout, type RolloutSubject, type RolloutWords } from './name-rollout.ts';

/** The way back: a rollout under way turns round, or an artifact that was live before returns. */
export type WayBack =
  | (RolloutSubject & { readonly kind: 'turn' })
  | {
      readonly kind: 'return';
      readonly service: string;
      readonly environment: string;
      readonly artifact: Artifact;
    };

interface WayBackWords extends RolloutWords {
  readonly version?: string | undefined;
}

/**
 * What going back means here and now. Only what was live in the place before may come back.
 * Refusals: `rollout.no_previous`, `rollout.beyond_return`, `version.unknown`, `action.stale`,
 * `command.syntax`, those of names.
 */
export async function nameWayBack(look: Look, words: WayBackWords): Promise<Result<WayBack>> {
  const byPlace = words.rollout === undefined && words.service !== undefined;
  const named = byPlace ? null : await nameRollout(look, words);
  if (named !== null && !named.ok) return named;
  const rollout = named?.value.rollout ?? null;
  if (rollout !== null && !ended(rollout.phase)) return turn(rollout, words.version);

  const place = wherever(look, words, rollout);
  if (!place.ok) return place;
  const { service, environment } = place.value;
  return look.read(async (tx) => {
    const [atWork] = inOrder(await look.rollouts.open(tx, service, environment));
    const started = atWork !== undefined && atWork.startedAt !== null;
    if (rollout === null && started) return turn(atWork, words.version);
    return comeBack(tx, look, { service, environment, rollout, version: words.version });
  });
}

function wherever(look: Look, words: WayBackWords, rollout: RolloutState | null) {
  if (rollout !== null) return ok({ service: rollout.service, environment: rollout.environment });
  return namePlace(look.settings, words.service ?? '', words.environment);
}

function turn(rollout: RolloutState, version: string | undefined): Result<WayBack> {
  const { id, service, environment, plan } = rollout;
  const previous = plan?.previous?.version;
  if (version === undefined || version === previous) {
    return ok({ kind: 'turn', service, environment, rollout });
  }
  return no(
    refusal(
      'rollout.wrong_phase',
      `${id} is under way in ${environment}; it goes back to ${previous ?? 'nothing'}.`,
      `Abort ${id} first, then roll back to ${version}.`,
    ),
  );
}

async function comeBack(
  tx: Transaction,
  look: Look,
  from: {
    readonly service: string;
    readonly environment: string;
    readonly rollout: RolloutState | null;
    readonly version: string | undefined;
  },
): Promise<Result<WayBack>> {
  const { service, environment, rollout, version } = from;
  const { rollouts } = look;
  const live = await rollouts.live(tx, service, environment);
  if (rollout !== null && live?.rollout !== rollout.id) {
    return no(
      refusal(
        'action.stale',
        `${rollout.id} is not what runs in ${environment} any more.`,
        live === null
          ? 'See status for what runs there.'
          : `${live.artifact.version} does, by ${live.rollout}.`,
      ),
    );
  }
  const current = live === null ? null : await rollouts.read(tx, live.rollout);
  const beyond = current === null ? null : pastReturn(current);
  if (current !== null && beyond !== null) {
    return no(
      refusal(
        'rollout.beyond_return',
        `Step ${beyond + 1} of ${current.id} cannot be undone.`,
        'Fix forward with a new version.',
      ),
    );
  }
  const artifact =
    version === undefined
      ? await previous(tx, look, service, environment)
      : await liveBefore(tx, service, environment, version);
  return artifact.ok
    ? ok({ kind: 'return', service, environment, artifact: artifact.value })
    : artifact;
}

async function previous(
  tx: Transaction,
  { rollouts }: Look,
  service: string,
  environment: string,
): Promise<Result<Artifact>> {
  const before = await rollouts.before(tx, service, environment);
  if (before !== null) return ok(before);
  return no(
    refusal(
      'rollout.no_previous',
      `${service} has no earlier release in ${environment}.`,
      'See its history.',
    ),
  );
}

async function liveBefore(
  tx: Transaction,
  service: string,
  environment: string,
  version: string,
): Promise<Result<Artifact>> {
  const { settled } = await readPlace(tx, service, environment);
  const found = settled.find(
    ({ artifact }) => artifact.version === version || artifact.digest === version,
  );
  if (found !== undefined) return ok(found.artifact);
  const known = [...new Set(settled.map(({ artifact }) => artifact.version))];
  return no(
    refusal(
      'version.unknown',
      `${service} ${version} was never live in ${environment}.`,
      suggestion(version, known, 'earlier versions'),
    ),
  );
}
