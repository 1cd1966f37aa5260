import type { Plan } from '#core/plan.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';
import {
  byRollout,
  clockToleranceMs,
  type History,
  type HistoryEffect,
  type HistoryEvent,
  type Violation,
  wayBack,
} from './history.ts';

type Found = readonly Violation[];

/** I1: every effect was approved, by enough people other than the requester, under its very plan. */
export function approved(history: History): Found {
  const rollouts = byRollout(history);
  return history.effects.flatMap((effect): Found => {
    const { rollout, planHash, step } = effect.stamp;
    const events = (rollouts.get(rollout) ?? []).filter(
      ({ at }) => at <= effect.at + clockToleranceMs,
    );
    const plan = events
      .map(({ event }) =>
        event.kind === 'plan.made' && event.hash === planHash ? event.plan : null,
      )
      .findLast((made) => made !== null);
    if (plan === undefined || plan === null) {
      return [{ invariant: 'I1', what: `${say(effect)}: no such plan was made` }];
    }
    // The way back needs no second consent.
    if (step === wayBack) return [];
    const wanted = quorumOf(plan);
    const given = consents(events, effect, plan).size;
    return given >= wanted
      ? []
      : [{ invariant: 'I1', what: `${say(effect)}: ${given} of ${wanted} approvals` }];
  });
}

function quorumOf({ gates }: Plan): number {
  const options = gates.filter(({ gate }) => gate === 'approval').map(({ options: own }) => own);
  return Math.max(0, ...options.map(({ quorum }) => (typeof quorum === 'number' ? quorum : 1)));
}

/** Who consents at the moment of the effect; whoever broke the glass consents for everybody. */
function consents(
  events: readonly HistoryEvent[],
  effect: HistoryEffect,
  plan: Plan,
): ReadonlySet<string> {
  // A release that has begun in time goes on when the consent to its beginning runs out.
  const begun = events.find(({ event }) => event.kind === 'rollout.started')?.at ?? effect.at;
  const people = new Set<string>();
  for (const { event } of events) {
    for (const voice of overridden(event, plan)) people.add(voice);
    if (!('hash' in event) || event.hash !== effect.stamp.planHash) continue;
    if (event.kind === 'approval.revoked' || event.kind === 'approval.denied') {
      people.delete(event.by.person);
    }
    if (event.kind === 'approval.given' && event.expiresAt > begun) people.add(event.by.person);
  }
  people.delete(plan.requester.person);
  return people;
}

function overridden(event: RolloutEvent, plan: Plan): readonly string[] {
  if (event.kind !== 'override.used' || !event.gates.includes('approval')) return [];
  return Array.from({ length: quorumOf(plan) }, (_, voice) => `override ${voice}`);
}

/** I2: no change of a step took effect twice. On the way back a change may be asked for again. */
export function once(history: History): Found {
  const seen = new Set<string>();
  return history.effects.flatMap((effect): Found => {
    const { planHash, step } = effect.stamp;
    if (step === wayBack) return [];
    const key = `${planHash}/${step}/${effect.target}/${effect.change.kind}`;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ invariant: 'I2', what: `${say(effect)} took effect twice` }];
  });
}

/** I4: fences never fall at a target, and who was overtaken never writes there again. */
export function fenced(history: History): Found {
  const last = new Map<string, HistoryEffect>();
  const overtaken = new Set<string>();
  const found: Violation[] = [];
  for (const effect of history.effects) {
    const former = last.get(effect.target)?.stamp;
    const { rollout, fence } = effect.stamp;
    if (former !== undefined && former.rollout !== rollout) {
      overtaken.add(`${effect.target} ${former.rollout}`);
    }
    if (former?.rollout === rollout && fence < former.fence) {
      found.push({ invariant: 'I4', what: `${say(effect)} after fence ${former.fence}` });
    }
    if (overtaken.has(`${effect.target} ${rollout}`)) {
      found.push({ invariant: 'I4', what: `${say(effect)} after another release` });
    }
    last.set(effect.target, effect);
  }
  return found;
}

/** I7: the chain verifies, and each effect lies between a record of intent and one of its result. */
export function recorded(history: History): Found {
  const rollouts = byRollout(history);
  const found: Violation[] =
    history.audit === 'broken'
      ? [{ invariant: 'I7', what: 'the audit found the history broken' }]
      : [];
  for (const effect of history.effects) {
    const { rollout, step } = effect.stamp;
    const events = rollouts.get(rollout) ?? [];
    const intent = events.find(({ event }) =>
      step === wayBack
        ? event.kind === 'abort.begun'
        : event.kind === 'step.started' && event.step === step,
    );
    if (intent === undefined || intent.at > effect.at + clockToleranceMs) {
      found.push({ invariant: 'I7', what: `${say(effect)} without a record before it` });
      continue;
    }
    const result = events.some(({ seq, event }) => seq > intent.seq && isResult(event, step));
    if (!result) found.push({ invariant: 'I7', what: `${say(effect)} without a record after it` });
  }
  return found;
}

function isResult(event: RolloutEvent, step: number): boolean {
  const ends = ['abort.begun', 'rollout.rolled_back', 'rollout.stuck', 'abort.stepped'];
  if (ends.includes(event.kind)) return true;
  const own = 'step' in event && event.step === step;
  return own && ['step.finished', 'step.failed', 'step.skipped'].includes(event.kind);
}

function say({ target, change, stamp }: HistoryEffect): string {
  return `${stamp.rollout} step ${stamp.step} (${change.kind}, fence ${stamp.fence}) at ${target}`;
}
