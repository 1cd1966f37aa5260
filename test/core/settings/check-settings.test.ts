import { expect, it } from 'vitest';
import { checkSettings } from '#core/settings/check-settings.ts';
import { createLookup } from '#core/settings/lookup.ts';
import { showPath } from '#core/settings/problem.ts';
import { registries, soundSettings } from './imagined.ts';
import { type Spoil, spoilt } from './spoilt.ts';

function problemsOf(given: unknown): readonly string[] {
  const checked = checkSettings(given, registries);
  if (checked.ok) return [];
  return checked.problems.map(
    (one) =>
      `${showPath(one.path)}: ${one.given}: ${one.expected}${one.meant === null ? '' : ` (${one.meant}?)`}`,
  );
}

it('accepts a sound file', () => {
  expect(problemsOf(soundSettings())).toEqual([]);
});

const weekly = soundSettings().freezes.weekend;
const dated = {
  kind: 'dated',
  zone: 'UTC',
  from: '2026-12-24T18:00',
  until: '2026-12-27T08:00',
  reason: 'holidays',
};
const alone = { kind: 'people', people: ['ada'] };

const cases: readonly (readonly [string, Spoil, readonly string[]])[] = [
  // form
  ['another version', { version: 2 }, ['version: 2: 1']],
  ['a missing section', { services: undefined }, ['services: nothing: record']],
  [
    'a misspelt section',
    { enviroments: {} },
    ['enviroments: "enviroments": a known name: access, alerts, analyses, audit'],
  ],
  [
    'a misspelt member',
    { 'environments/staging/strategi': 'x' },
    ['environments.staging.strategi: "strategi": a known name', '(strategy?)'],
  ],
  [
    'a misspelt member of a grant',
    { 'roles/engineer/from': [{ kind: 'people', peple: ['ada'] }] },
    ['roles.engineer.from[0].people: nothing: array', 'peple'],
  ],
  ['a bad name', { 'services/Shop!': {} }, ['services["Shop!"]: "Shop!": lower-case']],
  [
    'a bad duration',
    { 'environments/staging/deadline': 'soon' },
    ['environments.staging.deadline: "soon": a duration such as "30m"'],
  ],
  [
    'a misspelt permission',
    { 'roles/engineer/may': ['deply'] },
    ['roles.engineer.may[0]: "deply": one of:', '(deploy?)'],
  ],
  [
    'a grant of an unknown kind',
    { 'roles/engineer/from': [{ kind: 'everybody' }] },
    ['one of: channel, group, people'],
  ],
  ['a role without grants', { 'roles/engineer/from': [] }, ['roles.engineer.from: []']],
  ['an unsafe URL', { publicUrl: 'javascript:alert(1)' }, ['publicUrl: "javascript:alert(1)"']],
  // names
  [
    'an unknown strategy',
    { 'environments/staging/strategy': 'carefull' },
    ['environments.staging.strategy: "carefull": a strategy: at-once, careful (careful?)'],
  ],
  [
    'an unknown strategy of a service',
    { 'services/shop/environments/staging/strategy': 'x' },
    ['services.shop.environments.staging.strategy: "x"'],
  ],
  [
    'an unknown analysis',
    { 'environments/production/analysis': 'wbe' },
    ['environments.production.analysis: "wbe": an analysis: web (web?)'],
  ],
  [
    'an unknown channel',
    { 'environments/staging/channel': 'release' },
    ['environments.staging.channel: "release": a channel: releases (releases?)'],
  ],
  [
    'an unknown environment of a service',
    { 'services/shop/environments/prod': { waves: [['east']] } },
    ['services.shop.environments.prod: "prod": an environment', '(production?)'],
  ],
  [
    'an unknown target',
    { 'services/shop/environments/production/waves': [['east'], ['wset']] },
    ['services.shop.environments.production.waves[1][0]: "wset": a target: east, west (west?)'],
  ],
  [
    'an unknown registry',
    { 'services/shop/registry': 'mian' },
    ['services.shop.registry: "mian": a registry: main (main?)'],
  ],
  [
    'a default environment that is not its own',
    { 'services/api/defaultEnvironment': 'production' },
    ['services.api.defaultEnvironment: "production": one of its environments: staging'],
  ],
  [
    'an unknown dependency',
    { 'services/shop/dependsOn': ['apii'] },
    ['services.shop.dependsOn[0]: "apii": a service: api, shop (api?)'],
  ],
  [
    'an unknown metrics source',
    { 'analyses/web/source': 'metre' },
    ['analyses.web.source: "metre": a metrics source: meter (meter?)'],
  ],
  [
    'an unknown environment of a role',
    { 'roles/approver/environments': ['prod', 'production'] },
    ['roles.approver.environments[0]: "prod"'],
  ],
  ['an unknown service of a role', { 'roles/approver/services': ['ship'] }, ['(shop?)']],
  [
    'an unknown person',
    { 'roles/engineer/from': [{ kind: 'people', people: ['adda'] }] },
    ['roles.engineer.from[0].people[0]: "adda": a person: ada (ada?)'],
  ],
  ['an inherited name', { 'environments/staging/strategy': 'constructor' }, ['"constructor"']],
  [
    'a gate that asks for an unknown freeze',
    { 'environments/production/gates/0/options/windows': ['weekend', 'xmas'] },
    ['environments.production.gates[0].options.windows[1]: "xmas": a freeze: weekend'],
  ],
  [
    'a freeze that no gate asks for',
    { 'environments/production/gates/0/options/windows': [] },
    ['freezes.weekend: "weekend": a freeze that the `windows` of a freeze gate name'],
  ],
  // paths
  [
    'an unknown environment before',
    { 'environments/production/after': 'stagng' },
    ['environments.production.after: "stagng"', '(staging?)'],
  ],
  [
    'a circle',
    { 'environments/staging/after': 'production' },
    ['environments.production.after: "staging": a path with a beginning'],
  ],
  ['a circle of one', { 'environments/staging/after': 'staging' }, ['staging after staging']],
  // options
  [
    'an unknown gate',
    { 'environments/production/gates': [{ gate: 'aproval' }] },
    ['environments.production.gates[0].gate: "aproval": a gate:', '(approval?)'],
  ],
  [
    'options that a gate does not know',
    { 'environments/production/gates/1/options': { four: '30m' } },
    [
      'environments.production.gates[1].options.four',
      'environments.production.gates[1].options.for',
    ],
  ],
  [
    'an unknown kind of strategy',
    { 'strategies/careful/kind': 'canray' },
    ['strategies.careful.kind: "canray": a strategy:', '(canary?)'],
  ],
  [
    'options that a strategy refuses',
    { 'strategies/careful/options/stages': [{ weight: 50 }, { weight: 10 }] },
    ['strategies.careful.options.stages: ', 'weights that rise'],
  ],
  [
    'an unknown adapter',
    { 'targets/east/adapter': 'cell' },
    ['targets.east.adapter: "cell": an adapter for targets: cells (cells?)'],
  ],
  [
    'options that an adapter refuses',
    { 'targets/west/options/cells': 0 },
    ['targets.west.options.cells: 0: number to be >0'],
  ],
  [
    'an unknown platform',
    { platforms: { slak: {} } },
    ['platforms.slak: "slak": a platform: console, slack', '(slack?)'],
  ],
  // roles
  [
    'a role that nobody can hold',
    { 'roles/engineer/from': [{ kind: 'people', people: [] }] },
    ['roles.engineer.from: [{"kind":"people","people":[]}]: somebody'],
  ],
  [
    'a role from a channel that does not exist, whose approval nobody could give',
    {
      'roles/approver/from': [
        { kind: 'channel', platform: 'console', tenant: 'console', channel: 'aprovers' },
      ],
    },
    [
      'roles.approver.from[0].channel: "aprovers": a channel',
      '(approvers?)',
      'roles.approver.from: [',
    ],
  ],
  [
    'a quorum larger than the channel of the role',
    {
      'roles/approver/from': [
        { kind: 'channel', platform: 'console', tenant: 'console', channel: 'approvers' },
      ],
      'environments/production/gates/2/options/quorum': 3,
    },
    ['a role that at least 3 people can hold'],
  ],
  [
    'a role from an unknown platform',
    {
      'roles/approver/from': [{ kind: 'group', platform: 'slakc', tenant: 'T1', group: 'G1' }],
    },
    ['roles.approver.from[0].platform: "slakc": a platform: console, slack', '(slack?)'],
  ],
  [
    'an account on an unknown platform',
    { 'people/ada/accounts/0/platform': 'slakc' },
    ['people.ada.accounts[0].platform: "slakc": a platform: console, slack', '(slack?)'],
  ],
  [
    'an approval by an unknown role',
    { 'environments/production/gates/2/options/role': 'aprover' },
    ['environments.production.gates[2].options.role: "aprover": a role:', '(approver?)'],
  ],
  [
    'an approval by a role that may not',
    { 'environments/production/gates/2/options': { role: 'engineer' } },
    ['a role that may approve'],
  ],
  [
    'an approval by a role of elsewhere',
    { 'roles/approver/environments': ['staging'] },
    ['a role that counts in production'],
  ],
  [
    'a quorum larger than the role',
    { 'roles/approver/from': [alone] },
    ['a role that at least 2 people can hold'],
  ],
  [
    'an approver who would be alone with their own request',
    {
      'roles/approver/from': [alone],
      'environments/production/gates/2/options/quorum': 1,
    },
    ['nobody approves their own request'],
  ],
  // people
  [
    'one account for two people',
    { 'people/grace': { name: 'Grace', accounts: soundSettings().people.ada.accounts } },
    ['people.grace.accounts[0]: "slack:T1/U1": an account of its own: ada has this one'],
  ],
  ['a person called signalbox', { 'people/signalbox': { name: 'S' } }, ['another name']],
  // times
  [
    'an unknown zone',
    { 'freezes/weekend/zone': 'Europe/Berln' },
    ['freezes.weekend.zone: "Europe/Berln": an IANA time zone'],
  ],
  ['an offset for a zone', { 'freezes/weekend/zone': '+02:00' }, ['an IANA time zone']],
  [
    'a time that does not exist',
    { 'freezes/weekend/from/time': '24:30' },
    ['freezes.weekend.from.time: "24:30": a time from 00:00 to 23:59'],
  ],
  [
    'a window without length',
    { freezes: { weekend: { ...weekly, until: weekly.from } } },
    ['freezes.weekend.until'],
  ],
  [
    'a date that does not exist',
    { 'freezes/holidays': { ...dated, from: '2026-02-30T10:00' } },
    ['freezes.holidays.from: "2026-02-30T10:00": a date and time that exist'],
  ],
  [
    'an end before the beginning',
    { 'freezes/holidays': { ...dated, until: '2026-12-24T17:59' } },
    ['freezes.holidays.until: "2026-12-24T17:59": a time after 2026-12-24T18:00'],
  ],
];

it.each(cases)('%s', (_, changes, expected) => {
  const problems = problemsOf(spoilt(changes));
  expect(problems).not.toEqual([]);
  for (const part of expected) expect(problems.join('\n')).toContain(part);
});

it('reports every problem at once', () => {
  const problems = problemsOf(
    spoilt({
      'services/shop/registry': 'x',
      'environments/staging/channel': 'y',
      'freezes/weekend/zone': 'z',
    }),
  );
  expect(problems.length).toBe(3);
});

it('finds nothing under names that every object has', () => {
  const checked = checkSettings(soundSettings(), registries);
  if (!checked.ok) throw new Error('not sound');
  const lookup = createLookup(checked.settings, (text) => text);
  expect(lookup.place('constructor', 'staging')).toBeNull();
  expect(lookup.place('shop', 'toString')).toBeNull();
  expect(checked.settings.roles['constructor']).toBeUndefined();
});

it.each([[null], [[]], ['text'], [42], [JSON.parse('{"__proto__": {"version": 1}}')]])(
  'refuses %j whole',
  (given) => {
    expect(problemsOf(given)).not.toEqual([]);
  },
);

it('tells of wrong forms and wrong names in one run, and of no name that may be right', () => {
  const problems = problemsOf(
    spoilt({
      enviroments: {},
      'environments/staging/strategy': 'carefull',
      'environments/production/deadline': 'soon',
      'environments/production/after': 'stagin',
      'roles/engineer/may': ['deply'],
      'strategies/careful/kind': 7,
      'targets/extra': { adapter: 'kubernets' },
    }),
  );
  const places = problems.map((line) => line.split(':')[0]);
  expect(new Set(places)).toEqual(
    new Set([
      'enviroments',
      'environments.staging.strategy',
      'environments.production.deadline',
      'environments.production.after',
      'roles.engineer.may[0]',
      'strategies.careful.kind',
      'targets.extra.adapter',
    ]),
  );
});

it.each([null, [], 'text', {}, { version: 1, services: 7 }])(
  'says what is wrong with a file that is hardly one: %j',
  (given) => {
    expect(problemsOf(given)).not.toEqual([]);
  },
);
