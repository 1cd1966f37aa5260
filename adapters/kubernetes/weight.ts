import type { TargetStatus } from '#ports/delivery-target.ts';
import { annotations } from './names.ts';
import { type HttpRoute, isTrue } from './objects.ts';
import type { Place, SeenSplit } from './place.ts';
import type { Recorded } from './recorded.ts';
import { servingPods, wantedCopies } from './sides.ts';
import { shareOf } from './split-copies.ts';

/** Percent of the traffic for the candidate, how sure that is, and what it comes from. */
export interface WeightNow {
  readonly weight: number;
  readonly proof: TargetStatus['weightProof'];
  /** In percent of the copies, where shares are copies. */
  readonly share: number | null;
}

/** The rule of a route that splits between the two Services, and their places in it. */
export interface SplitRule {
  readonly rule: number;
  readonly stable: number;
  readonly candidate: number;
  readonly stableWeight: number;
  readonly candidateWeight: number;
}

/** The weight in force. `now` in epoch milliseconds; `seen` is what was measured lately. */
export function weightNow(
  place: Place,
  recorded: Recorded | null,
  now: number,
  seen: SeenSplit | null,
): WeightNow {
  const { traffic } = place.names.settings;
  switch (traffic.kind) {
    case 'replicas':
      return byCopies(place, recorded);
    case 'gateway':
      return byRoute(place, traffic.parents, now, seen);
    case 'service':
      return bySelector(place, now, seen);
  }
}

/** The rule that has both Services as backends; null when there is none or more than one. */
export function splitRule(place: Pick<Place, 'route' | 'names'>): SplitRule | null {
  const { route, names } = place;
  const { traffic } = names.settings;
  if (route === null || traffic.kind !== 'gateway') return null;
  const found = route.spec.rules.flatMap((rule, index): SplitRule[] => {
    if (traffic.rule !== undefined && rule.name !== traffic.rule) return [];
    const stable = rule.backendRefs.findIndex(({ name }) => name === names.stableService);
    const candidate = rule.backendRefs.findIndex(({ name }) => name === names.candidateService);
    if (stable === -1 || candidate === -1) return [];
    return [
      {
        rule: index,
        stable,
        candidate,
        stableWeight: rule.backendRefs[stable]?.weight ?? 1,
        candidateWeight: rule.backendRefs[candidate]?.weight ?? 1,
      },
    ];
  });
  const [only] = found;
  return found.length === 1 && only !== undefined ? only : null;
}

/** Accepted and with resolved references, at its present generation, by every parent needed. */
export function isAccepted(route: HttpRoute, needed: readonly string[]): boolean {
  const { generation } = route.metadata;
  const parents = route.spec.parentRefs.filter(
    ({ name }) => needed.length === 0 || needed.includes(name),
  );
  const fulfilled = (ref: HttpRoute['spec']['parentRefs'][number]): boolean =>
    route.status.parents.some(
      ({ parentRef, conditions }) =>
        parentRef.name === ref.name &&
        parentRef.sectionName === ref.sectionName &&
        parentRef.port === ref.port &&
        (parentRef.namespace ?? ref.namespace) === (ref.namespace ?? parentRef.namespace) &&
        ['Accepted', 'ResolvedRefs'].every((type) =>
          isTrue(
            conditions.filter((one) => one.observedGeneration >= generation),
            type,
          ),
        ),
    );
  return parents.length > 0 && parents.every(fulfilled);
}

/** The weight that we wrote last on a route or Service; null before the first. */
export function writtenWeight(object: {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
}): number | null {
  const text = object.metadata.annotations[annotations.weight];
  return text === undefined ? null : Number(text);
}

function byCopies(place: Place, recorded: Recorded | null): WeightNow {
  const copies = {
    stable: servingPods(place.stablePods).length,
    candidate: servingPods(place.candidatePods).length,
  };
  const share = shareOf(copies);
  if (recorded === null) return { weight: share, proof: 'accepted', share };
  const asked = recorded.desired.weight;
  const wanted = wantedCopies(place, recorded, asked);
  const isThere =
    copies.candidate === wanted.serving &&
    copies.stable === wanted.stable &&
    place.anchor.spec.replicas === wanted.stable;
  if (isThere) return { weight: asked, proof: 'accepted', share };
  return { weight: share, proof: 'pending', share };
}

function byRoute(
  { route, names }: Place,
  needed: readonly string[],
  now: number,
  seen: SeenSplit | null,
): WeightNow {
  const rule = splitRule({ route, names });
  if (route === null || rule === null) return { weight: 0, proof: 'pending', share: null };
  const sum = rule.stableWeight + rule.candidateWeight;
  const weight = sum === 0 ? 0 : Math.round((100 * rule.candidateWeight) / sum);
  if (!isAccepted(route, needed)) return { weight, proof: 'pending', share: null };
  return { weight, proof: proofOf(weight, route, names.settleMs, now, seen), share: null };
}

function bySelector(place: Place, now: number, seen: SeenSplit | null): WeightNow {
  const { stableService, names } = place;
  if (stableService === null) return { weight: 0, proof: 'pending', share: null };
  const weight = selects(place, 'candidate') ? 100 : 0;
  const proof = proofOf(weight, stableService, names.settleMs, now, seen);
  return { weight, proof, share: null };
}

/** Whether the Service of the users points at that side. */
export function selects(
  { stableService, candidateService, anchor }: Place,
  side: 'stable' | 'candidate',
): boolean {
  const own = anchor.spec.template.metadata.labels;
  const theirs = { ...own, ...(candidateService?.spec.selector ?? {}) };
  const pods = side === 'stable' ? own : theirs;
  return Object.entries(stableService?.spec.selector ?? {}).every(
    ([key, value]) => pods[key] === value,
  );
}

/**
 * Measured within four standard errors (and two points) of the binomial split; else believed once
 * it was accepted for the settle time.
 */
function proofOf(
  weight: number,
  object: { readonly metadata: { readonly annotations: Readonly<Record<string, string>> } },
  settleMs: number,
  now: number,
  seen: SeenSplit | null,
): WeightNow['proof'] {
  const share = weight / 100;
  if (seen !== null && seen.total >= 50) {
    const error = Math.sqrt((share * (1 - share)) / seen.total);
    const isRight = Math.abs(seen.candidate / seen.total - share) <= 4 * error + 0.02;
    return isRight ? 'measured' : 'pending';
  }
  const shifted = Number(object.metadata.annotations[annotations.shifted] ?? 0);
  return now - shifted >= settleMs ? 'accepted' : 'pending';
}
