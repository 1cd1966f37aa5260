import { z } from 'zod';
import { gates } from '#core/gates/index.ts';
import type { Registries } from '#core/settings/registries.ts';
import { strategies } from '#core/strategies/index.ts';

/** The real gates and strategies, and adapters that exist for tests alone. */
export const registries: Registries = {
  gates,
  strategies,
  targets: { cells: z.strictObject({ cells: z.number().int().positive().default(1) }) },
  registries: { shelf: z.strictObject({}) },
  metrics: { meter: z.strictObject({}) },
  platforms: { console: z.strictObject({}), slack: z.strictObject({}) },
  channelMembers: { console: () => new Map([['approvers', 2]]) },
};

/** A sound settings file, as it comes out of YAML. Each call makes a new one to be spoilt. */
export function soundSettings() {
  return {
    version: 1,
    services: {
      shop: {
        registry: 'main',
        dependsOn: ['api'],
        environments: {
          staging: { waves: [['east']] },
          production: { waves: [['east'], ['west']], strategy: 'careful' },
        },
      },
      api: { registry: 'main', environments: { staging: { waves: [['east']] } } },
    },
    environments: {
      staging: { strategy: 'at-once', channel: 'releases' },
      production: {
        after: 'staging',
        production: true,
        strategy: 'careful',
        analysis: 'web',
        channel: 'releases',
        gates: [
          { gate: 'freeze', options: { windows: ['weekend'] } },
          { gate: 'soak', options: { for: '30m' } },
          { gate: 'approval', options: { role: 'approver', quorum: 2 } },
        ],
      },
    },
    targets: { east: { adapter: 'cells' }, west: { adapter: 'cells', options: { cells: 3 } } },
    registries: { main: { adapter: 'shelf' } },
    metrics: { meter: { adapter: 'meter' } },
    strategies: {
      'at-once': { kind: 'rolling' },
      careful: { kind: 'canary', options: { stages: [{ weight: 10, for: '5m' }] } },
    },
    analyses: {
      web: { source: 'meter', metrics: [{ name: 'errors', type: 'ratio', critical: true }] },
    },
    freezes: {
      weekend: {
        kind: 'weekly',
        zone: 'Europe/Berlin',
        from: { day: 'fri', time: '16:00' },
        until: { day: 'mon', time: '08:00' },
        reason: 'weekend',
      },
    },
    roles: {
      engineer: { may: ['view', 'deploy'], from: [{ kind: 'people', people: ['ada'] }] },
      approver: {
        may: ['approve'],
        from: [{ kind: 'channel', platform: 'slack', tenant: 'T1', channel: 'C1' }],
      },
    },
    channels: { releases: { console: 'releases' } },
    people: {
      ada: { name: 'Ada', accounts: [{ platform: 'slack', tenant: 'T1', user: 'U1' }] },
    },
  };
}
