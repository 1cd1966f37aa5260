import type { Artifact } from '#core/release.ts';

/** `good`: a canary with a migration. `bad`: one that is judged worse. `rolling`: replaced in place. */
export type Scenario = 'good' | 'bad' | 'rolling';

export function shopArtifact(version: string): Artifact {
  return {
    service: 'shop',
    version,
    digest: `sha256:${version.slice(1).padStart(4, '0').repeat(16)}`,
  };
}

/** Short steps, so that a whole release takes a second or two. */
export function scenarioSettings(scenario: Scenario): unknown {
  return {
    version: 1,
    services: {
      shop: {
        registry: 'here',
        jobs: scenario === 'good' ? [{ name: 'migrate', when: 'before', direction: 'expand' }] : [],
        environments: { production: { waves: [['shop']] } },
      },
    },
    environments: {
      production: {
        production: true,
        strategy: scenario === 'rolling' ? 'rolling' : 'careful',
        analysis: 'web',
        channel: 'releases',
        rollbackCountdown: 0,
        gates: [{ gate: 'approval', options: { role: 'approver' } }],
      },
    },
    targets: { shop: { adapter: 'file' } },
    registries: { here: { adapter: 'file' } },
    metrics: { here: { adapter: 'file' } },
    strategies: {
      rolling: { kind: 'rolling' },
      careful: {
        kind: 'canary',
        options: { stages: [{ weight: 20, for: 1 }] },
      },
    },
    analyses: { web: { source: 'here', every: 1, metrics: [{ name: 'errors', type: 'ratio' }] } },
    roles: {
      approver: { may: ['approve'], from: [{ kind: 'people', people: ['grace'] }] },
    },
    channels: { releases: { console: 'releases' } },
    people: { ada: { name: 'Ada' }, grace: { name: 'Grace' } },
  };
}
