import { createHash } from 'node:crypto';
import { createMemoryRegistry, memoryArtifact } from '#adapters/memory/artifact-registry.ts';
import { createMemoryChanges } from '#adapters/memory/change-source.ts';
import { createMemoryTarget } from '#adapters/memory/delivery-target.ts';
import { createMemoryMetrics } from '#adapters/memory/metrics-source.ts';
import { createMemoryStore } from '#adapters/memory/store.ts';
import { followRollouts } from '#app/alerts/follow-rollouts.ts';
import { projectAlert } from '#app/alerts/project-alert.ts';
import type { Authorised, Authority } from '#app/authority.ts';
import { projectRollout } from '#app/project-rollout.ts';
import { type AdvanceDependencies, advanceRollout } from '#app/rollout/advance.ts';
import { createRollouts } from '#app/rollout/create-rollouts.ts';
import { openRollouts } from '#app/rollout/rollout-stream.ts';
import type { World } from '#app/world.ts';
import { judge } from '#core/analysis/index.ts';
import type { Actor, Membership } from '#core/people.ts';
import { no, ok, type Result } from '#core/result.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { createLookup } from '#core/settings/lookup.ts';
import { Settings } from '#core/settings/settings.ts';
import type { Wake } from '#ports/queue.ts';

export function person(name: string): Actor {
  return {
    person: name,
    account: { platform: 'console', tenant: 'console', user: name },
    displayName: name,
  };
}

const settingsText = {
  version: 1,
  services: {
    shop: {
      registry: 'memory',
      environments: {
        staging: { waves: [['shop-staging']] },
        production: { waves: [['shop-production']] },
      },
    },
  },
  environments: {
    staging: { strategy: 'quick', channel: 'releases' },
    production: {
      after: 'staging',
      production: true,
      strategy: 'careful',
      analysis: 'web',
      channel: 'releases',
      gates: [{ gate: 'approval', options: { role: 'approver', quorum: 1 } }],
    },
  },
  targets: {
    'shop-staging': { adapter: 'memory' },
    'shop-production': { adapter: 'memory' },
  },
  registries: { memory: { adapter: 'memory' } },
  metrics: { memory: { adapter: 'memory' } },
  strategies: {
    quick: { kind: 'rolling' },
    careful: {
      kind: 'canary',
      options: {
        stages: [
          { weight: 20, for: 60 },
          { weight: 50, for: 60 },
        ],
      },
    },
  },
  analyses: {
    web: {
      source: 'memory',
      step: 1,
      every: 5,
      metrics: [{ name: 'errors', type: 'ratio', critical: true, floor: { absolute: 0.01 } }],
    },
  },
  roles: {
    engineer: { may: ['deploy'], from: [{ kind: 'people', people: ['ada'] }] },
    approver: { may: ['approve'], from: [{ kind: 'people', people: ['grace'] }] },
  },
  channels: { releases: { console: 'releases' } },
  people: { ada: { name: 'Ada' }, grace: { name: 'Grace' } },
};

/** A whole world in memory with a clock that a test drives. */
export function memoryWorld(change: (text: typeof settingsText) => unknown = () => undefined) {
  const text = structuredClone(settingsText);
  change(text);
  let now = Date.UTC(2026, 10, 20, 9, 0, 0);
  const clock = { now: () => now };
  const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex');
  const snapshot = () => {
    const settings = Settings.parse(text);
    return { settings, lookup: createLookup(settings, sha256) };
  };
  let current = snapshot();
  const { store, history } = createMemoryStore({ clock });
  const registry = createMemoryRegistry({ shop: ['v1', 'v2', 'v3'] });
  const target = createMemoryTarget({
    clock,
    convergeMs: 1000,
    initial: () => memoryArtifact('shop', 'v1'),
  });
  const metrics = createMemoryMetrics(clock);
  const changes = createMemoryChanges();
  const rights = new Map<string, readonly string[]>([
    ['grace', ['approver']],
    ['linus', ['approver']],
    ['eve', ['keeper']],
  ]);
  const wakes: Wake[] = [];
  let nonce = 0;

  const healthy = (bad: number) => (at: number) => ({ kind: 'ratio' as const, at, bad, total: 50 });
  metrics.world.show('errors', 'stable', healthy(0));
  metrics.world.show('errors', 'candidate', healthy(0));
  metrics.world.show('errors', 'baseline', healthy(0));
  metrics.world.show('errors', memoryArtifact('shop', 'v3').digest, healthy(6));

  const silent = {
    debug() {},
    info() {},
    warn() {},
    error(message: string, fields?: object) {
      problems.push(
        `${message} ${JSON.stringify(fields, (_key, value) => (value instanceof Error ? value.stack : value))}`,
      );
    },
  };
  const problems: string[] = [];
  const world: World = {
    settings: () => current,
    store,
    queue: {
      wake: async (wake) => {
        wakes.push(wake);
      },
      consume: async () => ({ stop: async () => {} }),
      healthy: async () => true,
      close: async () => {},
    },
    clock,
    random: {
      token: () => {
        nonce += 1;
        return `nonce-${nonce}`;
      },
    },
    crypto: {
      sha256,
      hmac: (value) => sha256(`secret ${value}`),
      digest: (bytes) => createHash('sha256').update(bytes).digest(),
      equal: (a, b) => a === b,
    },
    log: silent,
    telemetry: { count() {}, gauge() {}, observe() {} },
    failpoint: async () => {},
    judge,
    target: () => target.target,
    metrics: () => metrics.source,
    registry: () => registry.registry,
    changes: () => changes.source,
    platform: () => undefined,
    directory: () => undefined,
    pokeDelivery: () => {},
    pokeAnchoring: () => {},
    halted: () => null,
  };
  async function holdsRole(actor: Actor, role: string): Promise<Result<Authorised>> {
    const held = rights.get(actor.person)?.includes(role) ?? false;
    if (held) return ok({ role, evidence: [evidenceOf(actor.person, now)] });
    return no({ code: 'access.missing_role', message: `not ${role}`, next: '' });
  }
  // Whoever keeps the place may break the glass.
  const authority: Pick<Authority, 'holdsRole' | 'authorise'> = {
    holdsRole,
    authorise: (actor) => holdsRole(actor, 'keeper'),
  };
  const project = followRollouts(world, projectRollout(world), projectAlert(world));
  const dependencies: AdvanceDependencies = {
    world,
    authority: { ...unusedAuthority, ...authority },
    project,
    owner: 'test',
  };
  const rollouts = createRollouts(world, project);

  /** Lets the worker run, and the clock with it, for so many seconds. */
  async function drive(seconds: number): Promise<void> {
    for (let step = 0; step < seconds * 2; step += 1) {
      const open = await store.transact((tx) => openRollouts(tx));
      for (const { id } of open) {
        await advanceRollout(dependencies, id, new AbortController().signal);
      }
      now += 500;
    }
  }

  async function read(id: string): Promise<RolloutState> {
    const state = await store.transact((tx) => rollouts.read(tx, id));
    if (state === null) throw new Error(`no ${id}`);
    return state;
  }

  return {
    world,
    store,
    history,
    rollouts,
    dependencies,
    target,
    metrics,
    changes,
    rights,
    problems,
    wakes,
    drive,
    read,
    now: () => now,
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    reconfigure(again: (text: typeof settingsText) => unknown) {
      again(text);
      current = snapshot();
    },
    async deploy(
      version: string,
      over: {
        environment?: string;
        by?: string;
        steal?: boolean;
        breakGlass?: boolean;
        intent?: 'deploy' | 'rollback';
      } = {},
    ) {
      return store.transact((tx) =>
        rollouts.request(tx, {
          intent: over.intent ?? 'deploy',
          service: 'shop',
          environment: over.environment ?? 'production',
          artifact: memoryArtifact('shop', version),
          requester: person(over.by ?? 'ada'),
          reason: 'wanted',
          breakGlass: over.breakGlass ?? false,
          steal: over.steal ?? false,
          origin: null,
        }),
      );
    },
    async approve(id: string, by = 'grace', hash: string | null = null) {
      return store.transact((tx) =>
        rollouts.change(tx, id, {
          kind: 'approve',
          by: person(by),
          hash,
          role: 'approver',
          method: 'chat',
          comment: '',
          evidence: [],
          expiresAt: now + 3_600_000,
        }),
      );
    },
  };
}

const unused = async (): Promise<never> => {
  throw new Error('not used here');
};

function evidenceOf(person: string, asOf: number): Membership {
  const grant = { kind: 'people' as const, people: [person] };
  return { grant, answer: 'yes', because: null, evidence: 'named in the settings', asOf };
}

const unusedAuthority: Authority = {
  identify: unused,
  authorise: unused,
  holdsRole: unused,
  standing: unused,
  rolesFor: () => [],
  forget: () => {},
};
