import { expect, it } from 'vitest';
import { memoryArtifact } from '#adapters/memory/artifact-registry.ts';
import type { Commit } from '#core/changes/commit.ts';
import { Fault } from '#core/fault.ts';
import { busWorld, outcome } from './bus-world.ts';

const shop = 'acme/shop';

function commit(id: string, title: string, risk = ''): Commit {
  return {
    id,
    message: `${title}\n`,
    author: 'ada',
    at: Date.UTC(2026, 10, 19, 9),
    url: `https://git.example/${id}`,
    pull: {
      number: Number(id.slice(1)),
      title,
      body: risk === '' ? '' : `## Risk\n${risk}`,
      author: 'ada',
      branch: 'main',
      url: `https://git.example/pull/${id}`,
    },
  };
}

/** A world whose versions v1, v2 and v3 are tags with a commit or two between them. */
function released() {
  const world = busWorld((text) => {
    Object.assign(text, { hosts: { git: { adapter: 'github' } } });
    Object.assign(text.services.shop, { changes: { host: 'git', repository: shop } });
  });
  world.changes.world.commit(shop, commit('c1', 'The beginning'), 'v1');
  world.changes.world.commit(shop, commit('c2', 'Faster cart', 'Locks the carts'));
  world.changes.world.commit(shop, commit('c3', 'Blue buttons'), 'v2');
  world.changes.world.commit(shop, commit('c4', 'Red buttons'), 'v3');
  return world;
}

async function surfaceAbout(world: ReturnType<typeof busWorld>, part: string) {
  const due = await world.store.transact((tx) => tx.dueSurfaces(world.now(), 500));
  return due.find(({ id }) => id.includes(part));
}

it('lists the changes between two versions, in either direction, and of what runs', async () => {
  const world = released();
  const two = await world.say('notes shop v1..v2', 'grace');
  expect(two.view.summary).toBe('2 changes between v1 and v2, by ada.');
  expect(JSON.stringify(two.view.blocks)).toContain('Risk: Locks the carts.');
  const back = await world.say('notes shop v3..v2', 'grace');
  expect(back.view.summary).toBe('1 change between v2 and v3, by ada.');
  expect(outcome(await world.say('notes shop v3 in production', 'grace'))).toBe('version.unknown');
  await world.say('deploy shop v2 to production', 'bob');
  await world.drive(2);
  await world.say('approve shop-1', 'grace');
  await world.drive(200);
  const coming = await world.say('notes shop v3 in production', 'grace');
  expect(coming.view.summary).toBe('1 change between v2 and v3, by ada.');
  expect(outcome(await world.say('notes shop v2..v9', 'grace'))).toBe('version.unknown');
});

it('shows approvers what they approve, and everybody at the end; the history keeps it', async () => {
  const world = released();
  await world.say('deploy shop v2 to production', 'bob');
  await world.drive(2);
  const state = await world.read('shop-1');
  expect(state.changes?.list).toMatchObject({ from: 'v1', to: 'v2', commits: 2 });
  const asked = await surfaceAbout(world, ':approval:');
  const words = JSON.stringify(asked?.desired.blocks);
  expect(words).toContain('Brings 2 changes by ada.');
  expect(words.indexOf('Risk: Locks the carts')).toBeLessThan(words.indexOf('Blue buttons'));
  await world.say('approve shop-1', 'grace');
  await world.drive(200);
  const due = await world.store.transact((tx) => tx.dueSurfaces(world.now(), 500));
  const end = due.find(({ desired }) => desired.summary.includes('is live in production'));
  expect(JSON.stringify(end?.desired.blocks)).toContain('Brings 2 changes by ada.');
  const kinds = await world.store.transact((tx) => tx.events({ stream: 'rollout:shop-1' }));
  expect(kinds.map(({ kind }) => kind)).toContain('changes.noted');
});

it('says that it takes back what an older version lacks', async () => {
  const world = released();
  await world.say('deploy shop v3 to staging', 'bob');
  await world.drive(60);
  await world.say('deploy shop v2 to staging', 'bob');
  await world.drive(60);
  const state = await world.read('shop-2');
  expect(state.changes?.list).toMatchObject({ from: 'v2', to: 'v3', commits: 1 });
  const cards = await world.store.transact((tx) => tx.dueSurfaces(world.now(), 500));
  const end = cards.find(
    ({ id, desired }) => id.includes('shop-2') && desired.summary.includes('v2 is live in'),
  );
  expect(JSON.stringify(end?.desired.blocks)).toContain('Takes back 1 change by ada.');
});

it('holds nothing up when the Git host is away, and says so', async () => {
  const world = released();
  world.changes.world.fail(
    new Fault('changes.unavailable', 'GitHub does not answer.', { retryable: true }),
  );
  await world.say('deploy shop v2 to production', 'bob');
  await world.drive(2);
  const state = await world.read('shop-1');
  expect(state.phase).toBe('waiting');
  expect(state.changes).toEqual({ list: null, because: 'GitHub does not answer.' });
  const asked = await surfaceAbout(world, ':approval:');
  expect(JSON.stringify(asked?.desired.blocks)).toContain(
    'What it changes is unknown. GitHub does not answer.',
  );
});

it('refuses where nothing says where changes are, and asks for no ref that is none', async () => {
  const world = busWorld();
  expect(outcome(await world.say('notes shop v1..v2', 'grace'))).toBe('changes.not_configured');
  const { readChanges } = await import('#app/changes/read-changes.ts');
  const other = released();
  const settings = other.world.settings().settings.services['shop'];
  const odd = { ...memoryArtifact('shop', 'v2'), version: '../../user' };
  expect(
    await readChanges(other.world, settings ?? {}, memoryArtifact('shop', 'v1'), odd),
  ).toBeNull();
});
