import type { Artifact } from '#core/release.ts';
import { digestOf, imageIn } from './artifact-images.ts';
import type { Deployment, Pod } from './objects.ts';
import type { Place, SeenSplit } from './place.ts';
import type { Recorded } from './recorded.ts';
import {
  fullCopies,
  isGateOpen,
  readyWith,
  servingPods,
  takesBaseline,
  wantedCopies,
} from './sides.ts';
import { weightNow } from './weight.ts';

/** One write to the cluster. */
export type Write =
  /** Stable's Deployment runs this; `copies` is null where its size is not ours. */
  | { readonly kind: 'stable'; readonly artifact: Artifact; readonly copies: number | null }
  | { readonly kind: 'candidate'; readonly artifact: Artifact; readonly copies: number }
  | { readonly kind: 'scale-candidate'; readonly copies: number }
  | { readonly kind: 'remove-candidate' }
  | { readonly kind: 'weight'; readonly weight: number }
  | { readonly kind: 'gates'; readonly open: readonly Pod[]; readonly shut: readonly Pod[] }
  | { readonly kind: 'baseline'; readonly artifact: Artifact; readonly copies: number }
  | { readonly kind: 'remove-baseline' };

interface Situation {
  readonly place: Place;
  readonly recorded: Recorded;
  /** Percent in force, and whether it is proven. */
  readonly weight: number;
  readonly isProven: boolean;
  readonly isByCopies: boolean;
  /** Digests that the two Deployments are told to run. */
  readonly stableRuns: string | null;
  readonly candidateRuns: string | null;
}

/**
 * The next write towards what is recorded; null when nothing is to be done now. Pure, and safe to
 * ask again at any moment: no side that carries traffic shrinks or changes before the other one is
 * ready and is seen to have the traffic.
 */
export function nextWrite(
  place: Place,
  recorded: Recorded,
  now: number,
  seen: SeenSplit | null,
): Write | null {
  const { weight, proof } = weightNow(place, recorded, now, seen);
  const situation: Situation = {
    place,
    recorded,
    weight,
    isProven: proof !== 'pending',
    isByCopies: place.names.settings.traffic.kind === 'replicas',
    stableRuns: digestOf(imageIn(place.anchor.spec.template, place.container)),
    candidateRuns:
      place.candidate === null
        ? null
        : digestOf(imageIn(place.candidate.spec.template, place.container)),
  };
  const { stable } = recorded.desired;
  const isStableRight = stable === null || isRunning(situation, stable);
  return (
    withdrawn(situation) ??
    (isStableRight ? towardsSplit(situation) : becomingStable(situation, stable)) ??
    freshBaseline(situation)
  );
}

/** Traffic leaves a candidate at once when none of its pods can serve. */
function withdrawn({ place, weight, isByCopies }: Situation): Write | null {
  if (isByCopies || weight === 0) return null;
  if (servingPods(place.candidatePods).length > 0) return null;
  if (servingPods(place.stablePods).length === 0) return null;
  return { kind: 'weight', weight: 0 };
}

/** Stable runs other bits than it should. */
function becomingStable(situation: Situation, stable: Artifact): Write | null {
  const { place, recorded, candidateRuns, weight, isProven, isByCopies } = situation;
  const full = fullCopies(place, recorded);
  const isOurSize = isByCopies && place.autoscaler === null;
  const replace: Write = { kind: 'stable', artifact: stable, copies: isOurSize ? full : null };
  // What is to be stable serves already beside it: it takes over before stable is replaced.
  if (place.candidate === null || candidateRuns !== stable.digest) return replace;
  if (isByCopies) {
    return (
      scaleCandidate(place.candidate, full) ??
      openGates(situation, stable, full) ??
      (servingPods(place.candidatePods).length >= full ? replace : null)
    );
  }
  const grow = scaleCandidate(place.candidate, full);
  if (grow !== null) return grow;
  const ready = readyWith(place.candidatePods, stable.digest, place.container).length;
  if (ready < full) return null;
  if (weight !== 100) return { kind: 'weight', weight: 100 };
  return isProven ? replace : null;
}

/** Stable runs what it should: candidate and traffic follow the record. */
function towardsSplit(situation: Situation): Write | null {
  const { recorded, candidateRuns } = situation;
  const { candidate } = recorded.desired;
  if (candidate === null) return emptied(situation);
  if (candidateRuns === candidate.artifact.digest) {
    return situation.isByCopies ? splitByCopies(situation) : splitByWeight(situation);
  }
  // Another candidate, or none yet: nothing of the former one may carry traffic.
  const without = withoutTraffic(situation);
  if (without !== 'done') return without;
  const { candidate: copies } = wantedCopies(situation.place, recorded, 0);
  return { kind: 'candidate', artifact: candidate.artifact, copies };
}

function emptied(situation: Situation): Write | null {
  const without = withoutTraffic(situation);
  if (without !== 'done') return without;
  return situation.place.candidate === null ? null : { kind: 'remove-candidate' };
}

/** Capacity of stable first, then its traffic. `done` when the candidate has none any more. */
function withoutTraffic(situation: Situation): Write | null | 'done' {
  const { place, recorded, weight, isByCopies, isProven } = situation;
  const full = fullCopies(place, recorded);
  const grow = sizeStable(situation, full);
  if (grow !== null) return grow;
  if (isByCopies) {
    const open = place.candidatePods.filter(isGateOpen);
    if (open.length === 0) return 'done';
    return isStableReady(situation) ? { kind: 'gates', open: [], shut: open } : null;
  }
  if (weight > 0) return isStableReady(situation) ? { kind: 'weight', weight: 0 } : null;
  return isProven || place.candidate === null ? 'done' : null;
}

function splitByWeight(situation: Situation): Write | null {
  const { place, recorded, weight, isProven } = situation;
  const { candidate, weight: asked } = recorded.desired;
  if (candidate === null || place.candidate === null) return null;
  const wanted = wantedCopies(place, recorded, asked).candidate;
  if (place.candidate.spec.replicas < wanted) return { kind: 'scale-candidate', copies: wanted };
  if (weight < asked) {
    const ready = readyWith(place.candidatePods, candidate.artifact.digest, place.container);
    return ready.length >= wanted ? { kind: 'weight', weight: asked } : null;
  }
  if (weight > asked) return isStableReady(situation) ? { kind: 'weight', weight: asked } : null;
  return isProven ? scaleCandidate(place.candidate, wanted) : null;
}

function splitByCopies(situation: Situation): Write | null {
  const { place, recorded } = situation;
  const { candidate, weight: asked } = recorded.desired;
  if (candidate === null || place.candidate === null) return null;
  const wanted = wantedCopies(place, recorded, asked);
  const open = place.candidatePods.filter(isGateOpen);
  const size = place.anchor.spec.replicas;
  if (size < wanted.stable) return sizeStable(situation, wanted.stable);
  if (place.candidate.spec.replicas < wanted.candidate) {
    return { kind: 'scale-candidate', copies: wanted.candidate };
  }
  const openMore = openGates(situation, candidate.artifact, wanted.serving);
  if (openMore !== null) return openMore;
  if (open.length > wanted.serving) {
    if (!isStableReady(situation)) return null;
    return { kind: 'gates', open: [], shut: open.slice(wanted.serving) };
  }
  if (servingPods(place.candidatePods).length < wanted.serving) return null;
  return sizeStable(situation, wanted.stable) ?? scaleCandidate(place.candidate, wanted.candidate);
}

/** Lets ready pods into the traffic, all that are missing at once. */
function openGates({ place }: Situation, artifact: Artifact, wanted: number): Write | null {
  const open = place.candidatePods.filter(isGateOpen);
  if (open.length >= wanted) return null;
  const ready = readyWith(place.candidatePods, artifact.digest, place.container);
  if (ready.length < wanted) return null;
  const shut = ready.filter((pod) => !isGateOpen(pod));
  return { kind: 'gates', open: shut.slice(0, wanted - open.length), shut: [] };
}

/** The size of stable is ours only where shares are copies and no autoscaler has it. */
function sizeStable({ place, recorded, isByCopies }: Situation, copies: number): Write | null {
  const { stable } = recorded.desired;
  if (!isByCopies || place.autoscaler !== null || stable === null) return null;
  if (place.anchor.spec.replicas === copies) return null;
  return { kind: 'stable', artifact: stable, copies };
}

function scaleCandidate(candidate: Deployment, copies: number): Write | null {
  return candidate.spec.replicas === copies ? null : { kind: 'scale-candidate', copies };
}

/** Every copy of stable runs what it should and serves. */
function isStableReady({ place, recorded }: Situation): boolean {
  const { stable } = recorded.desired;
  if (stable === null) return true;
  const ready = readyWith(servingPods(place.stablePods), stable.digest, place.container).length;
  return isRolledOut(place.anchor) && ready >= place.anchor.spec.replicas;
}

function isRunning({ stableRuns }: Situation, stable: Artifact): boolean {
  return stableRuns === stable.digest || stableRuns === null;
}

/** The controller has seen the newest spec, and only its pods are left. */
export function isRolledOut({ metadata, spec, status }: Deployment): boolean {
  return (
    status.observedGeneration >= metadata.generation &&
    status.updatedReplicas >= spec.replicas &&
    status.replicas <= status.updatedReplicas
  );
}

/** A copy of stable as young and as large as the candidate, for a fair comparison. */
function freshBaseline({ place, recorded }: Situation): Write | null {
  const { stable, candidate, promoted } = recorded.desired;
  const wanted =
    place.names.settings.baseline || (takesBaseline(place) && candidate?.baseline === true);
  if (stable === null || !wanted || candidate === null || promoted || place.candidate === null) {
    return place.baseline === null ? null : { kind: 'remove-baseline' };
  }
  const copies = place.candidate.spec.replicas;
  return place.baseline?.spec.replicas === copies
    ? null
    : { kind: 'baseline', artifact: stable, copies };
}
