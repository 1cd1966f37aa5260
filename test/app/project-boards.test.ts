import { describe, expect, it } from 'vitest';
import { memoryArtifact } from '#adapters/memory/artifact-registry.ts';
import { projectBoards } from '#app/project-boards.ts';
import { projectRollout } from '#app/project-rollout.ts';
import { signalbox } from '#core/people.ts';
import { memoryWorld, person } from './memory-world.ts';

const channel = { platform: 'console', tenant: 'console', channel: 'releases', thread: null };
const board = 'board:console/console/releases:1';

/** A world in which `count` services each have a release on its way. */
async function crowd(count: number) {
  const services = Array.from({ length: count }, (_, index) => `s${index}`);
  const world = memoryWorld((text) => {
    for (const name of services) {
      Object.assign(text.services, {
        [name]: { registry: 'memory', environments: { staging: { waves: [['shop-staging']] } } },
      });
    }
  });
  const ids: string[] = [];
  for (const service of services) {
    const result = await world.store.transact((tx) =>
      world.rollouts.request(tx, {
        intent: 'deploy',
        service,
        environment: 'staging',
        artifact: { ...memoryArtifact('shop', 'v2'), service },
        requester: person('ada'),
        reason: '',
        breakGlass: false,
        steal: false,
        origin: null,
      }),
    );
    if (result.ok) ids.push(result.value.id);
  }
  const surface = (id: string) => world.store.transact((tx) => tx.surface(id));
  async function cancel(some: readonly string[]): Promise<void> {
    const cause = { kind: 'person', detail: 'enough' } as const;
    for (const id of some) {
      await world.store.transact((tx) =>
        world.rollouts.change(tx, id, { kind: 'abort', by: person('ada'), cause }),
      );
    }
  }
  const { read, store } = world;
  return { world: world.world, read, store, ids, surface, cancel };
}

describe('boards', () => {
  it('show the progress of a channel when more releases are live than cards can follow', async () => {
    const world = await crowd(25);
    const boards = projectBoards(world.world);
    expect(boards.covers(channel)).toBe(false);
    await boards.refresh();
    expect(boards.covers(channel)).toBe(true);
    const shown = await world.surface(board);
    expect(shown?.desired.summary).toContain('25 releases on the way');
    await boards.refresh();
    expect((await world.surface(board))?.desiredRevision).toBe(shown?.desiredRevision);
  });

  it('step back when few are left', async () => {
    const world = await crowd(25);
    const boards = projectBoards(world.world);
    await boards.refresh();
    await world.cancel(world.ids.slice(0, 10));
    await boards.refresh();
    expect(boards.covers(channel)).toBe(false);
    expect((await world.surface(board))?.desired.summary).toContain('their own cards');
  });

  it('step back after a restart too', async () => {
    const world = await crowd(25);
    await projectBoards(world.world).refresh();
    await world.cancel(world.ids.slice(0, 24));
    await projectBoards(world.world).refresh();
    expect((await world.surface(board))?.desired.summary).toContain('their own cards');
  });

  it('are not there for a few releases', async () => {
    const world = await crowd(5);
    await projectBoards(world.world).refresh();
    expect(await world.surface(board)).toBeNull();
  });

  it('spare the cards mere ticks, and never a change of phase', async () => {
    const world = await crowd(1);
    const id = world.ids[0] ?? '';
    const card = `rollout:${id}:console:console:releases:card`;
    const state = { ...(await world.read(id)), phase: 'progressing' as const, startedAt: 1 };
    const project = projectRollout(world.world, { covers: () => true });
    const say = (events: Parameters<typeof project>[2]['events'], step: number) =>
      world.store.transact((tx) =>
        project(tx, { ...state, reason: `look ${step}` }, { events, version: step }),
      );
    const before = (await world.surface(card))?.desiredRevision ?? 0;
    await say([{ kind: 'step.noted', step: 0, note: '1 of 2 ready' }], 1);
    expect((await world.surface(card))?.desiredRevision).toBe(before);
    await say([{ kind: 'rollout.resumed', by: signalbox, reason: '' }], 2);
    expect((await world.surface(card))?.desiredRevision).toBe(before + 1);
  });
});
