import { expect, it } from 'vitest';
import {
  type ApprovalQuestion,
  countApprovals,
  type Standing,
} from '#core/access/count-approvals.ts';
import type { Actor } from '#core/people.ts';
import type { Approval } from '#core/rollout/state.ts';

const now = 1_000_000;

function actor(person: string, platform = 'slack', user = person): Actor {
  return { person, account: { platform, tenant: 'T1', user }, displayName: person };
}

function approval(by: Actor, more: Partial<Approval> = {}): Approval {
  return {
    by,
    hash: 'h1',
    role: 'approver',
    method: 'chat',
    comment: '',
    evidence: [],
    at: now - 1000,
    expiresAt: now + 1000,
    revoked: null,
    ...more,
  };
}

function standing(by: Actor, more: Partial<Standing> = {}): Standing {
  return { account: by.account, role: 'approver', holds: true, line: 'member of C1', ...more };
}

const ada = actor('ada');
const grace = actor('grace');
const linus = actor('linus');
const graceDiscord = actor('grace', 'discord', 'G-grace');
const unlinkedDiscord = actor('discord:T1/x', 'discord', 'x');

function question(more: Partial<ApprovalQuestion> = {}): ApprovalQuestion {
  return {
    requester: ada,
    hash: 'h1',
    now,
    role: 'approver',
    quorum: 1,
    denials: [],
    memberships: [ada, grace, linus, graceDiscord, unlinkedDiscord].map((by) => standing(by)),
    ...more,
  };
}

interface Case {
  readonly name: string;
  readonly approvals: readonly Approval[];
  readonly asked?: Partial<ApprovalQuestion>;
  readonly counted: readonly string[];
  /** Part of the reason of each that is not counted. */
  readonly not: readonly string[];
  readonly reached: boolean;
}

const cases: readonly Case[] = [
  { name: 'no approvals', approvals: [], counted: [], not: [], reached: false },
  { name: 'one of one', approvals: [approval(grace)], counted: ['grace'], not: [], reached: true },
  {
    name: 'one of two',
    approvals: [approval(grace)],
    asked: { quorum: 2 },
    counted: ['grace'],
    not: [],
    reached: false,
  },
  {
    name: 'a quorum of none still needs one',
    approvals: [],
    asked: { quorum: 0 },
    counted: [],
    not: [],
    reached: false,
  },
  {
    name: 'the requester never counts',
    approvals: [approval(ada), approval(grace)],
    counted: ['grace'],
    not: ['asked for this release'],
    reached: true,
  },
  {
    name: 'the requester under another account',
    approvals: [approval(actor('ada', 'discord', 'A'))],
    counted: [],
    not: ['asked for this release'],
    reached: false,
  },
  {
    name: 'the same person on two platforms is one vote',
    approvals: [approval(grace), approval(graceDiscord)],
    asked: { quorum: 2 },
    counted: ['grace'],
    not: ['counted already'],
    reached: false,
  },
  {
    name: 'fifty clicks of one person are one vote',
    approvals: Array.from({ length: 50 }, () => approval(grace)),
    asked: { quorum: 2 },
    counted: ['grace'],
    not: Array.from({ length: 49 }, () => 'counted already'),
    reached: false,
  },
  {
    name: 'an unlinked account of another platform beside a linked one',
    approvals: [approval(grace), approval(unlinkedDiscord)],
    asked: { quorum: 2 },
    counted: ['grace'],
    not: ['might be one person'],
    reached: false,
  },
  {
    name: 'another plan',
    approvals: [approval(grace, { hash: 'h0' }), approval(linus)],
    counted: ['linus'],
    not: ['another plan'],
    reached: true,
  },
  {
    name: 'in the millisecond of expiry',
    approvals: [approval(grace, { expiresAt: now })],
    counted: [],
    not: ['expired'],
    reached: false,
  },
  {
    name: 'taken back, and given again',
    approvals: [approval(grace, { revoked: 'looked again' }), approval(grace)],
    counted: ['grace'],
    not: ['taken back: looked again'],
    reached: true,
  },
  {
    name: 'lost the membership meanwhile',
    approvals: [approval(grace)],
    asked: { memberships: [standing(grace, { holds: false, line: 'not in channel C1' })] },
    counted: [],
    not: ['not in channel C1'],
    reached: false,
  },
  {
    name: 'membership not asked again',
    approvals: [approval(grace)],
    asked: { memberships: [] },
    counted: [],
    not: ['was not asked'],
    reached: false,
  },
  {
    name: 'membership asked for another role',
    approvals: [approval(grace)],
    asked: { memberships: [standing(grace, { role: 'engineer' })] },
    counted: [],
    not: ['was not asked'],
    reached: false,
  },
  {
    name: 'another role than asked for',
    approvals: [approval(grace, { role: 'engineer' })],
    counted: [],
    not: ['Given as engineer'],
    reached: false,
  },
  {
    name: 'each under its own role',
    approvals: [approval(grace, { role: 'security' })],
    asked: { role: null, memberships: [standing(grace, { role: 'security' })] },
    counted: ['grace'],
    not: [],
    reached: true,
  },
  {
    name: 'one denial outweighs two approvals',
    approvals: [approval(grace), approval(actor('margaret'))],
    asked: {
      denials: [{ by: linus, hash: 'h1', comment: 'not today', at: now }],
      memberships: [standing(grace), standing(actor('margaret'))],
    },
    counted: ['grace', 'margaret'],
    not: [],
    reached: false,
  },
  {
    name: 'a denial of an earlier plan is history',
    approvals: [approval(grace)],
    asked: { denials: [{ by: linus, hash: 'h0', comment: 'not today', at: now }] },
    counted: ['grace'],
    not: [],
    reached: true,
  },
];

it.each(cases)('$name', ({ approvals, asked, counted, not, reached }) => {
  const count = countApprovals(approvals, question(asked));
  expect(count.counted.map(({ actor }) => actor.person)).toEqual(counted);
  expect(count.notCounted.length).toBe(not.length);
  for (const [index, part] of not.entries()) {
    expect(count.notCounted[index]?.because).toContain(part);
  }
  expect(count.reached).toBe(reached);
});
