import { createHash } from 'node:crypto';
import { canonicalJson } from '#core/canonical.ts';
import { type Actor, signalbox } from '#core/people.ts';
import { makePlan } from '#core/planning.ts';
import type { Artifact } from '#core/release.ts';
import { createLookup } from '#core/settings/lookup.ts';
import { look } from './figures.ts';
import { crypto, type Town } from './town.ts';
import { townSettings } from './town-settings.ts';

export function artifact(service: string, version: string): Artifact {
  const hash = createHash('sha256').update(`${service} ${version}`).digest('hex');
  return {
    service,
    version,
    digest: `sha256:${hash}`,
    source: { repository: `git.example/harbour/${service}`, commit: hash.slice(0, 40) },
  };
}

/** Plays the parts of the product around the state machine, in the order a release goes through. */
export interface Story {
  /** Requests a release and makes its plan; in production it then waits for approval. */
  request(
    by: Actor,
    service: string,
    environment: string,
    version: string,
    previous: string | null,
    reason?: string,
    intent?: 'deploy' | 'rollback',
  ): Promise<string>;
  approve(id: string, by: Actor, comment?: string): Promise<void>;
  /** Starts and finishes steps up to the next analysis or the end. */
  advance(id: string): Promise<void>;
  look(id: string, bad?: number, last?: boolean): Promise<void>;
  finishStep(id: string, note?: string): Promise<void>;
}

export function createStory(town: Town): Story {
  const lookup = createLookup(townSettings, crypto.sha256);
  const counters = new Map<string, number>();
  const looks = new Map<string, number>();

  async function gates(id: string, approvedBy: Actor | null): Promise<void> {
    const production = town.state(id).environment === 'production';
    await town.record(id, signalbox, [
      {
        kind: 'gates.evaluated',
        step: 0,
        verb: 'start',
        outcomes: [
          gate('lock', 'No lock is held.'),
          gate('freeze', 'No freeze is in force.'),
          ...(production
            ? [
                approvedBy === null
                  ? {
                      ...gate('approval', '0 of 1 approvals by an approver.'),
                      verdict: 'hold' as const,
                      next: 'An approver other than the requester approves it.',
                    }
                  : gate('approval', `1 of 1: ${approvedBy.displayName}.`, [
                      `${approvedBy.displayName} as approver: member of #approvers`,
                    ]),
                gate('soak', 'It ran in staging for 42m, 10m are asked for.'),
              ]
            : []),
        ],
      },
    ]);
  }

  async function start(id: string): Promise<void> {
    await town.record(id, signalbox, [{ kind: 'rollout.started' }]);
  }

  async function finishStep(id: string, note = 'ready'): Promise<void> {
    const state = town.state(id);
    const step = state.plan?.steps[state.step];
    if (step === undefined) return;
    if (state.steps[state.step]?.state === 'pending') {
      await town.record(id, signalbox, [{ kind: 'step.started', step: state.step, attempt: 1 }]);
    }
    town.clock.pass(4);
    if (step.kind === 'shift') {
      await town.record(id, signalbox, [
        { kind: 'weight.shifted', target: step.target, weight: step.weight },
      ]);
    }
    if (step.kind === 'promote' || step.kind === 'replace') {
      await town.record(id, signalbox, [
        { kind: 'weight.shifted', target: step.target, weight: 100 },
      ]);
    }
    await town.record(id, signalbox, [{ kind: 'step.finished', step: state.step, note }]);
  }

  return {
    async request(by, service, environment, version, previous, reason = '', intent = 'deploy') {
      const number = (counters.get(service) ?? 0) + 1;
      counters.set(service, number);
      const id = `${service}-${number}`;
      const place = lookup.place(service, environment);
      if (place === null) throw new Error('The town has no such place');
      await town.record(id, by, [
        {
          kind: 'rollout.requested',
          rollout: id,
          ...{ intent, service, environment, reason },
          artifact: artifact(service, version),
          requester: by,
          breakGlass: false,
          origin: null,
        },
      ]);
      const made = makePlan({
        ...{ rollout: id, intent, place, requester: by, reason },
        strategy: townSettings.strategies[place.strategy] ?? { kind: 'none', options: {} },
        analysis: place.analysis === null ? null : (townSettings.analyses[place.analysis] ?? null),
        artifact: artifact(service, version),
        targets: [
          {
            target: 'main',
            adapter: 'sandbox',
            identity: `harbour/${environment}/${service}`,
            stable: previous === null ? null : artifact(service, previous),
            wave: 0,
          },
        ],
        expected: new Map(),
        freshBaseline: false,
        policyDigest: lookup.policyDigest(service, environment),
        breakGlass: false,
        lint: [],
        now: town.clock.now(),
        nonce: id,
      });
      if (!made.ok) throw new Error(made.refusal.message);
      const hash = crypto.sha256(canonicalJson(made.value));
      await town.record(id, signalbox, [{ kind: 'plan.made', plan: made.value, hash }]);
      await gates(id, null);
      if (environment !== 'production' || intent === 'rollback') await start(id);
      return id;
    },
    async approve(id, by, comment = '') {
      const hash = town.state(id).planHash ?? '';
      const now = town.clock.now();
      await town.record(id, by, [
        {
          kind: 'approval.given',
          by,
          hash,
          role: 'approver',
          method: 'chat',
          comment,
          evidence: [
            {
              grant: {
                kind: 'channel',
                platform: 'console',
                tenant: 'console',
                channel: 'approvers',
              },
              answer: 'yes',
              because: null,
              evidence: `member of #approvers at ${new Date(now).toISOString().slice(11, 19)}Z`,
              asOf: now,
            },
          ],
          expiresAt: now + 4 * 3_600_000,
        },
      ]);
      await gates(id, by);
      await start(id);
    },
    async advance(id) {
      for (let turn = 0; turn < 30; turn += 1) {
        const state = town.state(id);
        const step = state.plan?.steps[state.step];
        if (step === undefined) {
          await town.record(id, signalbox, [
            { kind: 'rollout.succeeded', artifact: state.artifact },
          ]);
          return;
        }
        if (step.kind === 'analyse') {
          await town.record(id, signalbox, [
            { kind: 'step.started', step: state.step, attempt: 1 },
          ]);
          return;
        }
        await finishStep(id);
      }
    },
    async look(id, bad = 0, last = false) {
      town.clock.pass(15);
      const index = looks.get(id) ?? 0;
      looks.set(id, index + 1);
      const judgement = look(index, id.length + id.charCodeAt(0), bad, last);
      const step = town.state(id).step;
      await town.record(id, signalbox, [
        {
          kind: 'analysis.judged',
          step,
          judgement,
          samples: `${id}-${step}-${index}`,
          samplesHash: crypto.sha256(JSON.stringify(judgement)),
        },
      ]);
    },
    finishStep,
  };
}

function gate(name: string, reason: string, evidence: string[] = []) {
  return { gate: name, verdict: 'pass' as const, reason, next: '', evidence, until: null };
}
