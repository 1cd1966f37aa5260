import type { Artifact } from '#core/release.ts';

/** `good`: a canary with a migration. `bad`: one that is judged worse. `rolling`: replaced in place. */
export const scenarios = ['good', 'bad', 'rolling'] as const;
export type Scenario = (typeof scenarios)[number];

/** In which kind of release a failpoint is reached; in a good one, if in every kind. */
export function scenarioOf(name: string): Scenario {
  if (name.endsWith('-replace')) return 'rolling';
  if (name.endsWith('-restore') || name.endsWith('-back')) return 'bad';
  return 'good';
}

/** Whether releases of one kind alone come by there. */
export function isSpecial(name: string): boolean {
  return scenarioOf(name) !== 'good' || name.endsWith('-run') || name.endsWith('-promote');
}

/** A service: its releases follow each other, those of several lanes go on side by side. */
export interface Lane {
  readonly service: string;
  readonly scenario: Scenario;
}

/** How many lanes there are of each kind. */
export type Lanes = Readonly<Record<Scenario, number>>;

export function lanesOf(lanes: Lanes): readonly Lane[] {
  return scenarios.flatMap((scenario) =>
    Array.from({ length: lanes[scenario] }, (_, index) => ({
      service: `${scenario}-${index + 1}`,
      scenario,
    })),
  );
}

/** What the analysis of a bad release measures. */
export const worse = 'more-errors';

export function laneArtifact(service: string, version: string): Artifact {
  return {
    service,
    version,
    digest: `sha256:${version.slice(1).padStart(4, '0').repeat(16)}`,
  };
}

/** Short steps, so that a whole release takes a second or two. */
export function laneSettings(lanes: readonly Lane[]): unknown {
  return {
    version: 1,
    services: Object.fromEntries(
      lanes.map(({ service, scenario }) => [service, serviceSettings(scenario)]),
    ),
    environments: {
      production: {
        production: true,
        strategy: 'careful',
        analysis: 'web',
        channel: 'releases',
        rollbackCountdown: 0,
        gates: [{ gate: 'approval', options: { role: 'approver' } }],
      },
    },
    targets: { cluster: { adapter: 'file' } },
    registries: { here: { adapter: 'file' } },
    metrics: { here: { adapter: 'file' } },
    strategies: {
      rolling: { kind: 'rolling' },
      careful: {
        kind: 'canary',
        options: { stages: [{ weight: 20, for: 1 }] },
      },
    },
    analyses: { web: measuring('errors'), worse: measuring(worse) },
    roles: {
      approver: { may: ['approve'], from: [{ kind: 'people', people: ['grace'] }] },
    },
    channels: { releases: { console: 'releases' } },
    people: { ada: { name: 'Ada' }, grace: { name: 'Grace' } },
  };
}

function serviceSettings(scenario: Scenario): unknown {
  return {
    registry: 'here',
    jobs: scenario === 'good' ? [{ name: 'migrate', when: 'before', direction: 'expand' }] : [],
    environments: {
      production: {
        waves: [['cluster']],
        ...(scenario === 'rolling' ? { strategy: 'rolling' } : {}),
        ...(scenario === 'bad' ? { analysis: 'worse' } : {}),
      },
    },
  };
}

function measuring(name: string): unknown {
  return { source: 'here', every: 1, metrics: [{ name, type: 'ratio' }] };
}
