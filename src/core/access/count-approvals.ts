import type { Instant, PlanHash } from '#core/ids.ts';
import { type Account, type Actor, accountKey } from '#core/people.ts';
import type { Refusal } from '#core/refusal.ts';
import type { Approval, RolloutState } from '#core/rollout/state.ts';
import {
  approvalBindsToPlan,
  approvalExpires,
  onePersonOneVote,
  peopleMustBeDistinguishable,
  requesterNeverApproves,
} from './hard-rules.ts';

/** What asking again just now said about one approver. */
export interface Standing {
  readonly account: Account;
  readonly role: string;
  readonly holds: boolean;
  /** One plain line: the evidence when they hold the role, else why not. */
  readonly line: string;
}

export interface ApprovalQuestion {
  readonly requester: Actor;
  /** Hash of the present plan. */
  readonly hash: PlanHash;
  readonly now: Instant;
  readonly denials: RolloutState['denials'];
  /** Fresh answers; an approver without one is not counted. */
  readonly memberships: readonly Standing[];
}

export interface ApprovalCount {
  readonly counted: readonly {
    readonly actor: Actor;
    readonly role: string;
    readonly evidence: string;
  }[];
  readonly notCounted: readonly { readonly actor: Actor; readonly because: string }[];
  readonly denied: readonly { readonly actor: Actor; readonly comment: string }[];
}

/**
 * Counts people, not clicks: bound to the present plan, not expired or revoked, still in the role
 * at this moment, never the requester, nobody twice. The gate compares with its role and quorum.
 */
export function countApprovals(
  approvals: readonly Approval[],
  question: ApprovalQuestion,
): ApprovalCount {
  const counted: { actor: Actor; role: string; evidence: string }[] = [];
  const notCounted: { actor: Actor; because: string }[] = [];
  for (const approval of approvals) {
    const people = counted.map(({ actor }) => actor);
    const objection = objectionTo(approval, question, people);
    if (objection !== null) {
      notCounted.push({ actor: approval.by, because: objection });
      continue;
    }
    const evidence = standingOf(approval, question)?.line ?? '';
    counted.push({ actor: approval.by, role: approval.role, evidence });
  }
  const denied = question.denials
    .filter(({ hash }) => hash === question.hash)
    .map(({ by, comment }) => ({ actor: by, comment }));
  return { counted, notCounted, denied };
}

/** What stands against a person approving now, before anything is recorded: for the click itself. */
export function objectionToApprover(
  approver: Actor,
  requester: Actor,
  counted: readonly Actor[],
): Refusal | null {
  return (
    requesterNeverApproves(approver, requester) ??
    onePersonOneVote(approver, counted) ??
    peopleMustBeDistinguishable(approver, [requester, ...counted])
  );
}

/** True when an approval is worth asking about: nothing but lost membership can stand against it. */
export function isInForce(
  approval: Approval,
  { hash, now }: Pick<ApprovalQuestion, 'hash' | 'now'>,
): boolean {
  return (
    approvalBindsToPlan(approval.hash, hash) === null && approvalExpires(approval, now) === null
  );
}

function objectionTo(
  approval: Approval,
  question: ApprovalQuestion,
  counted: readonly Actor[],
): string | null {
  const broken =
    approvalBindsToPlan(approval.hash, question.hash) ??
    approvalExpires(approval, question.now) ??
    objectionToApprover(approval.by, question.requester, counted);
  if (broken !== null) return broken.message;
  const standing = standingOf(approval, question);
  if (standing === undefined) return `Whether they still hold ${approval.role} was not asked.`;
  return standing.holds ? null : standing.line;
}

function standingOf(approval: Approval, question: ApprovalQuestion): Standing | undefined {
  const key = accountKey(approval.by.account);
  return question.memberships.find(
    ({ account, role }) => role === approval.role && accountKey(account) === key,
  );
}
