import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const here = 'test/adapters/slack';

/**
 * Every attack on Slack and on what is decided there, and the test that makes it. The numbers are
 * those of the tests' own titles; what concerns other platforms or the supply chain is not here.
 */
const rows: readonly (readonly [row: string, attack: string, file: string, title: string])[] = [
  ['1', 'no signature', `${here}/ingress.test.ts`, 'rows 1, 3, 6: refuses %s'],
  ['2', 'one byte changed, or written otherwise', `${here}/ingress.test.ts`, 'row 2: refuses'],
  ['3', 'an old, future or impossible stamp', `${here}/ingress.test.ts`, 'an endless stamp'],
  ['4', 'a replay inside the window', `${here}/ingress.test.ts`, 'rows 4, 11: handles'],
  ['5', 'an empty secret', `${here}/ingress.test.ts`, 'row 5: stops for %s'],
  ['6', 'odd signatures', `${here}/ingress.test.ts`, 'several signatures'],
  ['9', 'large, slow, packed and deep bodies', `${here}/ingress.test.ts`, 'row 9: hangs up'],
  ['10', 'an unsigned challenge', `${here}/ingress.test.ts`, 'rows 2, 10: refuses'],
  ['11', 'a forged retry header', `${here}/ingress.test.ts`, 'rows 4, 11: handles'],
  ['12', 'spoofed hosts', `${here}/ingress.test.ts`, 'row 12: takes no word'],
  ['12', 'tricks with the path', `${here}/boot.test.ts`, '/slack%2fevents'],
  ['17', 'a name like an approver', `${here}/hostile.test.ts`, 'because of a name'],
  [
    '18',
    'the right user of a wrong workspace',
    `${here}/tenants.test.ts`,
    'under another workspace',
  ],
  ['19', 'a guest of another company', `${here}/story.test.ts`, "press('UEXT', 'Approve')"],
  ['20', 'a guest', `${here}/story.test.ts`, "press('UGUEST', 'Approve')"],
  ['21', 'a channel that is shared later', `${here}/hostile.test.ts`, 'row 21: people are told'],
  ['22', 'a deactivated approver', `${here}/hostile.test.ts`, 'counts a deactivated approver'],
  ['23', 'memberships out of reach', `${here}/hostile-approvals.test.ts`, 'row 23: waits'],
  [
    '24',
    'another channel of the same name',
    `${here}/hostile-approvals.test.ts`,
    'row 24: a channel',
  ],
  ['25', 'a friend let in just before', `${here}/hostile-approvals.test.ts`, 'row 25: a friend'],
  [
    '25',
    'and the memory of who was there',
    'test/app/role-ages.test.ts',
    'who was let in just before',
  ],
  [
    '26',
    'one person, two accounts',
    'test/core/access/count-approvals.test.ts',
    'on two platforms',
  ],
  ['26', 'two workspaces', 'test/app/resolve-authority.test.ts', 'approval of an unlinked account'],
  ['27', 'a stolen or guessed link', 'test/app/link-accounts.test.ts', 'never given out'],
  ['27', 'a link used twice', 'test/app/link-accounts.test.ts', 'uses an invitation once'],
  ['28', 'two accounts of one workspace', 'test/app/link-accounts.test.ts', 'in one workspace: %s'],
  ['29', 'a bot that commands', `${here}/ingress.test.ts`, 'rows 19, 29: excludes'],
  ['33', 'self-approval', `${here}/hostile-approvals.test.ts`, 'row 33: nobody approves'],
  ['33', 'by another account', 'test/core/access/hard-rules.test.ts', 'requesterNeverApproves'],
  ['34', 'many presses at once', `${here}/hostile.test.ts`, 'one vote for many presses'],
  ['35', 'a button that was never shown', `${here}/hostile.test.ts`, 'never shown'],
  [
    '36',
    'a card of an earlier plan',
    `${here}/hostile-approvals.test.ts`,
    'rows 36, 39: the button',
  ],
  [
    '37',
    'an approval out of time',
    'test/core/access/count-approvals.test.ts',
    'millisecond of expiry',
  ],
  ['38', 'a role lost after approving', `${here}/hostile-approvals.test.ts`, 'row 38: an approval'],
  [
    '39',
    'a policy that became stricter',
    `${here}/hostile-approvals.test.ts`,
    'rows 36, 39: the button',
  ],
  ['40', 'a policy that became looser', 'test/app/story.test.ts', 'when the policy changes'],
  ['41', 'staging for production', 'test/core/access/count-approvals.test.ts', 'another plan'],
  ['42', 'an approval used again', 'test/core/access/count-approvals.test.ts', 'another plan'],
  ['43', 'deny and approve at once', `${here}/hostile-approvals.test.ts`, 'row 43: a denial'],
  ['44', 'a form sent too late', `${here}/hostile.test.ts`, 'sent after the role was lost'],
  ['45', 'a reaction, or a word in passing', `${here}/hostile.test.ts`, 'takes no $type'],
  ['46', 'a text unlike the plan', `${here}/hostile-approvals.test.ts`, 'row 46: what an approver'],
  [
    '47',
    'rights of the bot for others',
    `${here}/hostile-approvals.test.ts`,
    'row 47: acts for nobody',
  ],
  [
    '48',
    'break-glass without a reason',
    `${here}/hostile-approvals.test.ts`,
    'row 48: breaks no glass',
  ],
  [
    '49',
    'controls and great lengths',
    `${here}/hostile-approvals.test.ts`,
    'rows 49, 50, 55: takes no',
  ],
  ['50', 'look-alikes of names', `${here}/hostile-approvals.test.ts`, 'rows 49, 50, 55: takes no'],
  ['51', 'markup in data', 'test/contracts/chat.ts', 'shows hostile text as text'],
  ['51', 'markup in a command', `${here}/hostile.test.ts`, 'cannot make the bot notify'],
  ['52', 'leaving a code span', 'test/contracts/chat-views.ts', '`'],
  ['53', 'more than a message holds', 'test/contracts/chat.ts', 'never fails on length'],
  [
    '54',
    'a secret that a pod printed',
    'test/adapters/kubernetes/problems.test.ts',
    'row 54: shows',
  ],
  [
    '55',
    'options for another program',
    `${here}/hostile-approvals.test.ts`,
    'rows 49, 50, 55: takes no',
  ],
  ['56', 'addresses that are not Slack’s', `${here}/hostile.test.ts`, 'sends no answer to %s'],
  ['56', 'redirects', `${here}/answers.test.ts`, 'row 56: follows no redirect'],
];

it.each(rows)('row %s, %s: is made in %s', (_row, _attack, file, title) => {
  const text = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
  expect(text).toContain(title);
});
