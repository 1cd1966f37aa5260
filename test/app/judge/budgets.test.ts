import { describe, expect, it } from 'vitest';
import type { Sample } from '#core/analysis/reading.ts';
import { memoryWorld } from '../memory-world.ts';

const slo = { source: 'memory', metric: { name: 'slo', type: 'ratio' } };

/** A world whose production asks for the error budget, and whose service fails `share` of requests. */
function worldWithBudget(share: number) {
  const world = memoryWorld((text) => {
    Object.assign(text, { objectives: { web: slo } });
    Object.assign(text.environments.staging, {
      gates: [{ gate: 'error-budget', options: { objective: 'web' } }],
    });
  });
  world.metrics.world.show(
    'slo',
    'stable',
    (at): Sample => ({ kind: 'ratio', at, bad: 100_000 * share, total: 100_000 }),
  );
  return world;
}

/** What the gate said of the second release to staging. */
async function gateOf(share: number, outage = false) {
  const world = worldWithBudget(share);
  await world.deploy('v1', { environment: 'staging' });
  await world.drive(30);
  if (outage) world.metrics.world.answer('provider_error');
  const asked = await world.deploy('v2', { environment: 'staging' });
  if (!asked.ok) throw new Error(asked.refusal.message);
  // Once it has started, other gates answer for other steps.
  for (let turn = 0; turn < 4; turn++) {
    await world.drive(1);
    const state = await world.read(asked.value.id);
    const found = state.gates?.outcomes.find(({ gate }) => gate === 'error-budget');
    if (found !== undefined) return found;
  }
  return undefined;
}

describe('the error budget is asked before a release starts', () => {
  it.each([
    { name: 'sound', share: 0.0001, outage: false, verdict: 'pass', says: 'sound' },
    { name: 'burning', share: 0.05, outage: false, verdict: 'hold', says: 'too fast over 1 h' },
    {
      name: 'unknown',
      share: 0.0001,
      outage: true,
      verdict: 'hold',
      says: 'could not be measured',
    },
  ])('$name: $verdict', async ({ share, outage, verdict, says }) => {
    const outcome = await gateOf(share, outage);
    expect(outcome).toMatchObject({ verdict });
    expect(outcome?.reason).toContain(says);
    expect(outcome?.evidence).toHaveLength(8);
  });
});

it('a release that has spent its part of the budget is stopped at once', async () => {
  const world = memoryWorld((text) => {
    Object.assign(text.analyses.web, {
      // So little is allowed that the first look is over it; no test could have come to a verdict.
      spend: { metric: 'errors', period: '1d', cap: 0.001 },
    });
  });
  world.metrics.world.show('errors', 'candidate', (at) => ({
    kind: 'ratio',
    at,
    bad: 1,
    total: 20,
  }));
  const asked = await world.deploy('v2');
  if (!asked.ok) throw new Error(asked.refusal.message);
  await world.drive(2);
  await world.approve(asked.value.id);
  await world.drive(200);
  const state = await world.read(asked.value.id);
  expect(state.phase).toBe('rolled_back');
  expect(state.abort?.cause.kind).toBe('limit');
  expect(state.abort?.cause.detail).toMatch(/^errors: [\d.]+ % of the error budget of 1d is spent/);
  expect(state.looks.at(-1)?.judgement.spent).toBeGreaterThan(0.001);
});
