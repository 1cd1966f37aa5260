import { formatInstant } from '#core/calendar.ts';
import { gateWords, outageOf, outageWords } from '#core/cards/standing.ts';
import type { Holders, WhyAnswer } from '#core/cards/why-view.ts';
import { placeId } from '#core/ids.ts';
import type { Grant } from '#core/people.ts';
import type { Permission } from '#core/permission.ts';
import { lockInForce } from '#core/place/decide.ts';
import type { PlaceState } from '#core/place.ts';
import type { PlannedGate } from '#core/plan.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Settings } from '#core/settings/settings.ts';
import type { BoardPlace } from '#ports/reader.ts';
import type { Authority } from './authority.ts';
import { readBoard } from './board.ts';
import type { Rollouts } from './rollouts.ts';
import type { World } from './world.ts';

/** The rights that people ask about. */
const explained: readonly Permission[] = [
  'deploy',
  'approve',
  'advance',
  'abort',
  'rollback',
  'unlock-others',
  'break-glass',
];

/**
 * Who may do what in a place, what blocks it now and until when. Reads only; the gates speak for
 * the release that waits there, with the answers that they gave last.
 */
export async function explainPlace(
  world: World,
  rollouts: Rollouts,
  authority: Pick<Authority, 'rolesFor'>,
  service: string,
  environment: string,
): Promise<WhyAnswer> {
  const snapshot = world.settings();
  const { board, now } = await world.store.transact(async (tx) => ({
    board: await readBoard(tx, snapshot, rollouts, { service, environment }),
    now: tx.now,
  }));
  const [place] = board;
  const scope = { service, environment };
  return {
    place: placeId(service, environment),
    holders: explained.map((permission) => ({
      permission,
      through: throughRoles(snapshot.settings, authority.rolesFor(permission, scope)),
    })),
    gates: place === undefined ? [] : gatesAsked(place, now),
    asked: (snapshot.lookup.place(service, environment)?.gates ?? []).map(gateInWords),
    obstacles: place === undefined ? [] : obstacles(place, now),
  };
}

function throughRoles(settings: Settings, roles: readonly string[]): Holders['through'] {
  return roles.map((role) => {
    const grants = settings.roles[role]?.from ?? [];
    return `${role}: ${grants.map((grant) => grantWords(grant, settings)).join(' or ')}`;
  });
}

function grantWords(grant: Grant, settings: Settings): string {
  switch (grant.kind) {
    case 'channel':
      return `members of the ${grant.platform} channel ${grant.channel}`;
    case 'group':
      return `members of the ${grant.platform} group ${grant.group}`;
    case 'people':
      return grant.people.map((id) => settings.people[id]?.name ?? id).join(', ');
  }
}

/**
 * Gates are asked with a plan; without a release they have nothing to say. One that passed before
 * the place was locked or frozen would be asked anew: its old answer is left out.
 */
function gatesAsked(place: BoardPlace, now: number): WhyAnswer['gates'] {
  const stale = new Set([
    ...(lockInForce(place.place, now) === null ? [] : ['lock']),
    ...(place.frozen === null ? [] : ['freeze']),
  ]);
  const outcomes = place.rollout?.gates?.outcomes ?? [];
  return outcomes.filter(({ gate, verdict }) => verdict !== 'pass' || !stale.has(gate));
}

/** An approval names who has to give it. */
function gateInWords({ gate, options }: PlannedGate): string {
  const { role, quorum } = options;
  if (gate !== 'approval' || typeof role !== 'string') return gateWords(gate);
  return `approval by ${typeof quorum === 'number' ? quorum : 1} ${role}`;
}

function obstacles(place: BoardPlace, now: number): readonly string[] {
  return [
    ...lockObstacle(place.place, now),
    ...(place.frozen === null
      ? []
      : [`Frozen${untilWords(place.frozen.until)}: ${place.frozen.reason}`]),
    ...(place.rollout?.startedAt == null
      ? []
      : [
          `${place.rollout.id} (${place.rollout.artifact.version}) is at work; a new release waits behind it.`,
        ]),
    ...outageObstacle(place.rollout),
    ...(place.queue.length === 0
      ? []
      : [`In the queue: ${place.queue.map(({ rollout }) => rollout).join(', ')}.`]),
    ...place.place.holds.map(
      ({ artifact, reason }) =>
        `${artifact.version} is on hold until somebody asks for it: ${reason}`,
    ),
  ];
}

function outageObstacle(rollout: RolloutState | null): readonly string[] {
  const outage = rollout === null ? null : outageOf(rollout);
  if (rollout === null || outage === null) return [];
  const { code, detail, since } = outage;
  return [
    `${rollout.id} waits for ${outageWords(outage)} since ${formatInstant(since)} (${code}): ${detail}`,
  ];
}

function lockObstacle(place: PlaceState, now: number): readonly string[] {
  const lock = lockInForce(place, now);
  if (lock === null) return [];
  return [`Locked by ${lock.by.displayName}${untilWords(lock.until)}: ${lock.reason}`];
}

function untilWords(until: number | null): string {
  return until === null ? '' : ` until ${formatInstant(until)}`;
}
