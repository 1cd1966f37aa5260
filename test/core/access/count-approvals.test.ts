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
    denials: [],
    memberships: [ada, grace, linus, graceDiscord, unlinkedDiscord].map((by) => standing(by)),
    ...more,
  };
}

interface Case {
  readonly denied?: number;
  readonly name: string;
  readonly approvals: readonly Approval[];
  readonly asked?: Partial<ApprovalQuestion>;
  readonly counted: readonly string[];
  /** Part of the reason of each that is not counted. */
  readonly not: readonly string[];
}

const cases: readonly Case[] = [
  { name: 'no approvals', approvals: [], counted: [], not: [] },
  { name: 'one of one', approvals: [approval(grace)], counted: ['grace'], not: [] },
  {
    name: 'the requester never counts',
    approvals: [approval(ada), approval(grace)],
    counted: ['grace'],
    not: ['asked for this release'],
  },
  {
    name: 'the requester under another account',
    approvals: [approval(actor('ada', 'discord', 'A'))],
    counted: [],
    not: ['asked for this release'],
  },
  {
    name: 'the same person on two platforms is one vote',
    approvals: [approval(grace), approval(graceDiscord)],
    counted: ['grace'],
    not: ['counted already'],
  },
  {
    name: 'fifty clicks of one person are one vote',
    approvals: Array.from({ length: 50 }, () => approval(grace)),
    counted: ['grace'],
    not: Array.from({ length: 49 }, () => 'counted already'),
  },
  {
    name: 'an unlinked account of another platform beside a linked one',
    approvals: [approval(grace), approval(unlinkedDiscord)],
    counted: ['grace'],
    not: ['might be one person'],
  },
  {
    name: 'another plan',
    approvals: [approval(grace, { hash: 'h0' }), approval(linus)],
    counted: ['linus'],
    not: ['another plan'],
  },
  {
    name: 'in the millisecond of expiry',
    approvals: [approval(grace, { expiresAt: now })],
    counted: [],
    not: ['expired'],
  },
  {
    name: 'taken back, and given again',
    approvals: [approval(grace, { revoked: 'looked again' }), approval(grace)],
    counted: ['grace'],
    not: ['taken back: looked again'],
  },
  {
    name: 'lost the membership meanwhile',
    approvals: [approval(grace)],
    asked: { memberships: [standing(grace, { holds: false, line: 'not in channel C1' })] },
    counted: [],
    not: ['not in channel C1'],
  },
  {
    name: 'membership not asked again',
    approvals: [approval(grace)],
    asked: { memberships: [] },
    counted: [],
    not: ['was not asked'],
  },
  {
    name: 'membership asked for another role',
    approvals: [approval(grace)],
    asked: { memberships: [standing(grace, { role: 'engineer' })] },
    counted: [],
    not: ['was not asked'],
  },
  {
    name: 'each under its own role',
    approvals: [approval(grace, { role: 'security' })],
    asked: { memberships: [standing(grace, { role: 'security' })] },
    counted: ['grace'],
    not: [],
  },
  {
    name: 'a denial of the present plan',
    approvals: [approval(grace), approval(actor('margaret'))],
    asked: {
      denials: [{ by: linus, hash: 'h1', comment: 'not today', at: now }],
      memberships: [standing(grace), standing(actor('margaret'))],
    },
    counted: ['grace', 'margaret'],
    not: [],
    denied: 1,
  },
  {
    name: 'a denial of an earlier plan is history',
    approvals: [approval(grace)],
    asked: { denials: [{ by: linus, hash: 'h0', comment: 'not today', at: now }] },
    counted: ['grace'],
    not: [],
  },
];

it.each(cases)('$name', ({ approvals, asked, counted, not, denied }) => {
  const count = countApprovals(approvals, question(asked));
  expect(count.counted.map(({ actor }) => actor.person)).toEqual(counted);
  expect(count.denied.length).toBe(denied ?? 0);
  expect(count.notCounted.length).toBe(not.length);
  for (const [index, part] of not.entries()) {
    expect(count.notCounted[index]?.because).toContain(part);
  }
});
