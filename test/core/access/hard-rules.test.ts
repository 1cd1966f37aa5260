import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  approvalBindsToPlan,
  approvalExpires,
  artifactIsDigest,
  excludedAccountsActForNobody,
  fixedGatesStand,
  grants,
  hardRules,
  onePersonOneVote,
  overrideNeedsReason,
  peopleMustBeDistinguishable,
  requesterNeverApproves,
} from '#core/access/hard-rules.ts';
import type { Actor, Membership } from '#core/people.ts';

function actor(person: string, place: string, user = person): Actor {
  const [platform = '', tenant = ''] = place.split(':');
  return { person, account: { platform, tenant, user }, displayName: person };
}

const adaSlack = actor('ada', 'slack:T1', 'U1');
const adaDiscord = actor('ada', 'discord:G1', 'D1');
const grace = actor('grace', 'slack:T1', 'U2');
const strangerSlack = actor('slack:T1/U9', 'slack:T1', 'U9');
const otherSlack = actor('slack:T1/U8', 'slack:T1', 'U8');
const strangerDiscord = actor('discord:G1/D9', 'discord:G1', 'D9');
/** The account that ada had before anybody linked it. */
const adaBeforeLinking = actor('slack:T1/U1', 'slack:T1', 'U1');

function membership(answer: Membership['answer'], because: Membership['because']): Membership {
  const grant = { kind: 'channel', platform: 'slack', tenant: 'T1', channel: 'C1' } as const;
  return { grant, answer, because, evidence: 'asked', asOf: 0 };
}

/** One table per rule: the cases that it refuses, and those it lets pass. */
const cases: Readonly<
  Record<keyof typeof hardRules, { refuses: readonly unknown[]; passes: readonly unknown[] }>
> = {
  requesterNeverApproves: {
    refuses: [
      requesterNeverApproves(adaSlack, adaSlack),
      requesterNeverApproves(adaDiscord, adaSlack),
      requesterNeverApproves(adaSlack, adaBeforeLinking),
    ],
    passes: [requesterNeverApproves(grace, adaSlack)],
  },
  onePersonOneVote: {
    refuses: [
      onePersonOneVote(adaDiscord, [grace, adaSlack]),
      onePersonOneVote(adaSlack, [adaBeforeLinking]),
    ],
    passes: [onePersonOneVote(grace, [adaSlack]), onePersonOneVote(grace, [])],
  },
  peopleMustBeDistinguishable: {
    refuses: [
      peopleMustBeDistinguishable(strangerDiscord, [adaSlack]),
      peopleMustBeDistinguishable(adaSlack, [strangerDiscord]),
      peopleMustBeDistinguishable(strangerDiscord, [strangerSlack]),
    ],
    passes: [
      peopleMustBeDistinguishable(adaDiscord, [grace]),
      peopleMustBeDistinguishable(strangerSlack, [otherSlack, grace]),
      peopleMustBeDistinguishable(strangerSlack, []),
    ],
  },
  excludedAccountsActForNobody: {
    refuses: [
      excludedAccountsActForNobody(['bot']),
      excludedAccountsActForNobody(['guest']),
      excludedAccountsActForNobody(['external']),
      excludedAccountsActForNobody(['wrong_context']),
      excludedAccountsActForNobody(['wrong_context', 'guest']),
    ],
    passes: [excludedAccountsActForNobody([])],
  },
  unknownMeansNo: {
    refuses: [!grants(membership('unknown', 'unreachable')), !grants(membership('no', null))].map(
      (denied) => denied || null,
    ),
    passes: [grants(membership('yes', null)) ? null : 'denied'],
  },
  badSourcesGrantNothing: {
    refuses: [
      grants(membership('no', 'bad_source')) ? null : 'denied',
      grants(membership('yes', 'bad_source')) ? null : 'denied',
    ],
    passes: [grants(membership('yes', null)) ? null : 'denied'],
  },
  approvalBindsToPlan: {
    refuses: [approvalBindsToPlan('aa', 'bb'), approvalBindsToPlan('', '')],
    passes: [approvalBindsToPlan('aa', 'aa')],
  },
  approvalExpires: {
    refuses: [
      approvalExpires({ expiresAt: 1000, revoked: null }, 1000),
      approvalExpires({ expiresAt: 1000, revoked: null }, 1001),
      approvalExpires({ expiresAt: 1000, revoked: 'changed my mind' }, 1),
    ],
    passes: [approvalExpires({ expiresAt: 1000, revoked: null }, 999)],
  },
  artifactIsDigest: {
    refuses: [
      artifactIsDigest({ service: 'shop', version: 'v1', digest: 'v1' }),
      artifactIsDigest({ service: 'shop', version: 'v1', digest: `sha256:${'a'.repeat(63)}` }),
    ],
    passes: [
      artifactIsDigest({ service: 'shop', version: 'v1', digest: `sha256:${'a'.repeat(64)}` }),
    ],
  },
  overrideNeedsReason: {
    refuses: [overrideNeedsReason(''), overrideNeedsReason(' . '), overrideNeedsReason('\u200b-')],
    passes: [overrideNeedsReason('INC-42: checkout is down')],
  },
  fixedGatesStand: {
    refuses: [fixedGatesStand({ name: 'lock', overridable: false })],
    passes: [fixedGatesStand({ name: 'freeze', overridable: true })],
  },
};

describe.each(Object.entries(cases))('%s', (_name, { refuses, passes }) => {
  it.each(refuses.map((answer, index) => [index + 1, answer]))('refuses case %i', (_, answer) => {
    expect(answer).not.toBeNull();
  });

  it.each(passes.map((answer, index) => [index + 1, answer]))('passes case %i', (_, answer) => {
    expect(answer).toBeNull();
  });
});

it('says which account is to be linked', () => {
  const refusal = peopleMustBeDistinguishable(adaSlack, [strangerDiscord]);
  expect(refusal?.code).toBe('access.not_linked');
  expect(refusal?.message).toContain('discord:G1/D9');
});

it('SECURITY.md states every rule, in these words and in this order', () => {
  const page = readFileSync(new URL('../../../SECURITY.md', import.meta.url), 'utf8');
  const [, section = ''] = page.split('## Hard rules');
  const stated = [...(section.split('\n## ')[0] ?? '').matchAll(/^- (.+)$/gm)];
  expect(stated.map(([, rule]) => rule)).toEqual(Object.values(hardRules));
});
