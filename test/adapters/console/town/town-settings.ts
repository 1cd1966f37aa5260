import { Settings } from '#core/settings/settings.ts';

const console_ = (user: string) => ({ platform: 'console', tenant: 'console', user });
const members = { kind: 'channel', platform: 'console', tenant: 'console' } as const;
const place = { strategy: 'canary', analysis: 'standard' };

/** Settings of an imagined company: three services, two environments, four people. */
export const townSettings: Settings = Settings.parse({
  version: 1,
  organisation: 'Harbour & Co',
  services: {
    shop: service('The storefront', ['staging', 'production']),
    checkout: service('Baskets and payment', ['staging', 'production']),
    search: service('Finding things', ['staging', 'production']),
  },
  environments: {
    staging: { strategy: 'rolling', channel: 'releases' },
    production: {
      after: 'staging',
      production: true,
      channel: 'releases',
      ...place,
      rollbackCountdown: '30s',
      gates: [
        { gate: 'approval', options: { roles: ['approver'], count: 1 } },
        { gate: 'soak', options: { for: '10m' } },
      ],
    },
  },
  targets: { main: { adapter: 'sandbox' } },
  registries: { local: { adapter: 'sandbox' } },
  strategies: {
    rolling: { kind: 'rolling' },
    canary: {
      kind: 'canary',
      options: {
        stages: [
          { weight: 10, for: '2m' },
          { weight: 50, for: '5m' },
        ],
      },
    },
  },
  analyses: {
    standard: {
      source: 'local',
      every: '15s',
      metrics: [
        {
          name: 'error-rate',
          type: 'ratio',
          critical: true,
          floor: { relative: 0.1, absolute: 0.005 },
          limit: 0.05,
        },
        {
          name: 'latency-p95',
          type: 'latency',
          unit: 'milliseconds',
          floor: { relative: 0.1, absolute: 10 },
        },
        { name: 'requests', type: 'count', unit: 'perSecond', bad: 'either' },
      ],
    },
  },
  roles: {
    engineer: {
      may: ['view', 'deploy', 'abort', 'advance'],
      from: [{ ...members, channel: 'engineers' }],
    },
    approver: {
      may: ['view', 'approve', 'rollback'],
      from: [{ ...members, channel: 'approvers' }],
    },
  },
  channels: { releases: { console: 'releases' }, incidents: { console: 'incidents' } },
  people: {
    ada: { name: 'Ada Lovelace', accounts: [console_('ada')] },
    grace: { name: 'Grace Hopper', accounts: [console_('grace')] },
    linus: { name: 'Linus Pauling', accounts: [console_('linus')] },
    mary: { name: 'Mary Jackson', accounts: [console_('mary')] },
  },
  platforms: {
    console: {
      options: {
        channels: {
          releases: { topic: 'Everything that goes out', open: true },
          incidents: { topic: 'When it hurts', open: true },
          engineers: { topic: 'May deploy', members: ['ada', 'grace', 'linus', 'mary'] },
          approvers: { topic: 'May approve for production', members: ['grace', 'linus'] },
        },
        titles: { ada: 'Engineer', grace: 'Approver', linus: 'On call', mary: 'Engineer' },
      },
    },
  },
});

function service(description: string, environments: readonly string[]) {
  return {
    description,
    registry: 'local',
    owner: 'team-shop',
    environments: Object.fromEntries(environments.map((name) => [name, { waves: [['main']] }])),
  };
}
