import { describe, expect, it } from 'vitest';
import { memoryArtifact } from '#adapters/memory/artifact-registry.ts';
import { readPlace } from '#app/change-place.ts';
import { createCommandBus } from '#app/command-bus.ts';
import { createAuthority } from '#app/resolve-authority.ts';
import { Fault } from '#core/fault.ts';
import type { Directory } from '#ports/directory.ts';
import type { Store } from '#ports/store.ts';
import { busWorld, outcome } from './bus-world.ts';

const lockText = 'lock shop staging because testing';

describe('the way of a command', () => {
  it('runs it, answers, and records the decision with role and evidence', async () => {
    const world = busWorld();
    const reply = await world.say(lockText, 'bob');
    expect(reply).toMatchObject({ refusal: null, visibility: 'channel' });
    const [event] = await world.commandEvents();
    expect(event).toMatchObject({
      kind: 'command.accepted',
      stream: 'command:1',
      actor: { person: 'bob' },
      body: {
        command: 'lock',
        args: { service: 'shop', environment: 'staging', reason: 'testing' },
        permission: 'lock',
        service: 'shop',
        environment: 'staging',
        role: 'engineer',
        textHash: world.world.crypto.sha256(lockText),
      },
    });
    expect(JSON.stringify(event?.body)).not.toContain(lockText);
  });

  it('records a refusal too, and does nothing', async () => {
    const world = busWorld();
    expect(outcome(await world.say(lockText, 'grace'))).toBe('access.missing_role');
    const [event] = await world.commandEvents();
    expect(event).toMatchObject({
      kind: 'command.refused',
      actor: { person: 'grace' },
      body: { command: 'lock', code: 'access.missing_role' },
    });
    const place = await world.store.transact((tx) => readPlace(tx, 'shop', 'staging'));
    expect(place.lock).toBeNull();
  });

  it('takes back everything of a command that refuses in its transaction', async () => {
    const world = busWorld();
    const first = await world.say('deploy shop v2');
    expect(outcome(first)).toBe('done');
    const size = (await world.store.transact((tx) => tx.head())).size;
    expect(outcome(await world.say('deploy shop v2'))).toBe('rollout.already_requested');
    const events = await world.store.transact((tx) => tx.events({ afterSeq: size }));
    expect(events.map(({ kind }) => kind)).toEqual(['command.refused']);
  });

  it('keeps what people may not see out of the record', async () => {
    const world = busWorld();
    await world.say('link top-secret-code');
    const [event] = await world.commandEvents();
    const hash = world.world.crypto.sha256('top-secret-code');
    expect(event?.body).toMatchObject({ command: 'link', args: { code: `sha256:${hash}` } });
  });

  it('refuses everything while the history is in doubt, and adds nothing to it', async () => {
    const world = busWorld();
    world.halt('the newest anchor is missing');
    expect(outcome(await world.say(lockText))).toBe('system.halted');
    expect(await world.commandEvents()).toEqual([]);
    world.halt(null);
    expect(await world.bus.recoverInbox()).toBe(0);
  });
});

describe('the inbox', () => {
  it('does a delivery once, however often and however close it comes', async () => {
    const world = busWorld();
    const inbound = world.inbound('ada', { kind: 'command', text: 'deploy shop v2' });
    const replies = await Promise.all(Array.from({ length: 5 }, () => world.bus.handle(inbound)));
    expect(replies.map(outcome).sort()).toEqual([
      'command.duplicate',
      'command.duplicate',
      'command.duplicate',
      'command.duplicate',
      'done',
    ]);
    expect(await world.store.transact((tx) => world.rollouts.open(tx))).toHaveLength(1);
  });

  it('stores many deliveries with one call, and answers each through its platform', async () => {
    const world = busWorld();
    let calls = 0;
    const counting: Store = {
      ...world.store,
      transact: (run) =>
        world.store.transact((tx) =>
          run({
            ...tx,
            receive(inbounds) {
              calls += 1;
              return tx.receive(inbounds);
            },
          }),
        ),
    };
    const bus = createCommandBus({ ...world.parts, world: { ...world.world, store: counting } });
    const inbounds = Array.from({ length: 100 }, () =>
      world.inbound('ada', { kind: 'command', text: 'status' }),
    );
    const accepted = await Promise.all(inbounds.map((inbound) => bus.accept(inbound)));
    expect(accepted.every(({ fresh }) => fresh)).toBe(true);
    expect(calls).toBeLessThanOrEqual(2);
    await bus.idle();
    for (const { replyTo } of inbounds) expect(world.chat.world.replies(replyTo)).toHaveLength(1);
  });

  it('lets no delivery that cannot be stored keep its neighbours out', async () => {
    const world = busWorld();
    const picky: Store = {
      ...world.store,
      transact: (run) =>
        world.store.transact((tx) =>
          run({
            ...tx,
            receive(inbounds) {
              if (inbounds.some(({ displayName }) => displayName === 'poison')) {
                throw new Error('cannot be stored');
              }
              return tx.receive(inbounds);
            },
          }),
        ),
    };
    const bus = createCommandBus({ ...world.parts, world: { ...world.world, store: picky } });
    const good = world.inbound('ada', { kind: 'command', text: 'status' });
    const bad = world.inbound(
      'ada',
      { kind: 'command', text: 'status' },
      { displayName: 'poison' },
    );
    const [first, second] = await Promise.allSettled([bus.accept(good), bus.accept(bad)]);
    expect(first.status).toBe('fulfilled');
    expect(second.status).toBe('rejected');
    await bus.idle();
  });

  it('handles again what a process left behind, once, and answers it', async () => {
    const world = busWorld();
    const inbound = world.inbound('ada', { kind: 'command', text: lockText });
    await world.store.transact((tx) => tx.receive([inbound]));
    expect(await world.bus.recoverInbox()).toBe(0);
    world.pass(20);
    const other = createCommandBus(world.parts);
    await Promise.all([world.bus.recoverInbox(), other.recoverInbox()]);
    expect(world.chat.world.replies(inbound.replyTo)).toHaveLength(1);
    expect((await world.commandEvents()).map(({ kind }) => kind)).toEqual(['command.accepted']);
    expect(await world.bus.recoverInbox()).toBe(0);
  });

  it('does not carry out what is not meant any more', async () => {
    const world = busWorld();
    const inbound = world.inbound('ada', { kind: 'command', text: lockText });
    await world.store.transact((tx) => tx.receive([inbound]));
    world.pass(3600);
    await world.bus.recoverInbox();
    expect(world.chat.world.replies(inbound.replyTo).map(outcome)).toEqual(['system.unavailable']);
    expect((await world.commandEvents()).map(({ kind }) => kind)).toEqual(['command.refused']);
  });

  it('tells who waits that the decision is being made, and then decides', async () => {
    const world = busWorld();
    const answers: (() => void)[] = [];
    const slow = new Promise<void>((resolve) => answers.push(resolve));
    const asked: Directory = {
      ...world.directory.directory,
      async membership(...question) {
        await slow;
        return world.directory.directory.membership(...question);
      },
    };
    const told = { ...world.world, directory: () => asked };
    const bus = createCommandBus({
      ...world.parts,
      world: told,
      authority: createAuthority(told),
      slowMs: 1,
    });
    const inbound = world.inbound('ada', { kind: 'command', text: 'deploy shop v2' });
    await bus.accept(inbound);
    const titles = () => world.chat.world.replies(inbound.replyTo).map(({ view }) => view.title);
    await expect.poll(titles).toEqual(['Checking…']);
    for (const answer of answers) answer();
    await bus.idle();
    expect(world.chat.world.replies(inbound.replyTo).map(outcome)).toEqual(['done', 'done']);
    expect((await world.read('shop-1')).requester.person).toBe('ada');
  });

  it('brings an answer the long way when the short one is closed', async () => {
    const world = busWorld();
    const platform = {
      ...world.chat.platform,
      reply: () => Promise.reject(new Fault('chat.gone', 'token lapsed', { retryable: false })),
    };
    const bus = createCommandBus({
      ...world.parts,
      world: { ...world.world, platform: () => platform },
    });
    await bus.accept(world.inbound('ada', { kind: 'command', text: 'whoami' }));
    await bus.idle();
    const surface = await world.store.transact((tx) => tx.surface('reply:1'));
    expect(surface).toMatchObject({
      account: { user: 'ada' },
      urgency: 0,
      desired: { title: 'Ada' },
    });
  });
});

describe('when the world misbehaves', () => {
  it('says what is out of reach, and leaves nothing half done', async () => {
    const world = busWorld();
    const registry = {
      resolve: () =>
        Promise.reject(new Fault('registry.unavailable', 'refused', { retryable: true })),
      list: async () => [],
    };
    const bus = createCommandBus({
      ...world.parts,
      world: { ...world.world, registry: () => registry },
    });
    const reply = await bus.handle(
      world.inbound('ada', { kind: 'command', text: 'deploy shop v2' }),
    );
    expect(reply.refusal).toMatchObject({ code: 'system.unavailable' });
    expect(reply.refusal?.message).toContain('the registry');
    expect(await world.store.transact((tx) => world.rollouts.open(tx))).toEqual([]);
    expect((await world.commandEvents()).map(({ body }) => body['code'])).toEqual([
      'system.unavailable',
    ]);
  });

  it('never does later what it said was not done', async () => {
    const world = busWorld();
    let down = true;
    const store: Store = {
      ...world.store,
      transact: (run) =>
        world.store.transact((tx) =>
          run({
            ...tx,
            finishInbox(id, how) {
              if (down) throw new Fault('store.unavailable', 'gone', { retryable: true });
              return tx.finishInbox(id, how);
            },
          }),
        ),
    };
    const bus = createCommandBus({ ...world.parts, world: { ...world.world, store } });
    const inbound = world.inbound('ada', { kind: 'command', text: lockText });
    await bus.accept(inbound);
    await bus.idle();
    expect(world.chat.world.replies(inbound.replyTo).map(outcome)).toEqual(['system.unavailable']);
    down = false;
    world.pass(30);
    expect(await bus.recoverInbox()).toBe(1);
    const place = await world.store.transact((tx) => readPlace(tx, 'shop', 'staging'));
    expect(place.lock).toBeNull();
    expect(await bus.recoverInbox()).toBe(0);
  });

  it('stores nothing when the database is away, and says so', async () => {
    const world = busWorld();
    const store: Store = {
      ...world.store,
      transact: () => Promise.reject(new Fault('store.unavailable', 'gone', { retryable: true })),
    };
    const bus = createCommandBus({ ...world.parts, world: { ...world.world, store } });
    const inbound = world.inbound('ada', { kind: 'command', text: lockText });
    await expect(bus.accept(inbound)).rejects.toThrow('gone');
    expect(outcome(await bus.handle(inbound))).toBe('system.unavailable');
  });

  it('needs no queue: what is committed is found by the reconciler', async () => {
    const world = busWorld();
    const queue = {
      ...world.world.queue,
      wake: () => Promise.reject(new Fault('queue.unavailable', 'gone', { retryable: true })),
    };
    const bus = createCommandBus({ ...world.parts, world: { ...world.world, queue } });
    const inbound = world.inbound('ada', { kind: 'command', text: 'deploy shop v2' });
    expect(outcome(await bus.handle(inbound))).toBe('done');
    await bus.idle();
    expect(world.problems).toEqual([]);
  });

  it('gives a bug a number, and records it', async () => {
    const world = busWorld();
    const rollouts = {
      ...world.rollouts,
      request: () => Promise.reject(new Error('a broken invariant')),
    };
    const bus = createCommandBus({ ...world.parts, rollouts });
    const reply = await bus.handle(
      world.inbound('ada', { kind: 'command', text: 'deploy shop v2' }),
    );
    expect(reply.refusal?.code).toBe('system.incident');
    const [problem = ''] = world.problems;
    expect(problem).toContain('a broken invariant');
    const number = /incident (nonce-\d+)/.exec(reply.refusal?.message ?? '')?.[1] ?? 'none';
    expect(problem).toContain(number);
    expect(JSON.stringify(reply)).not.toContain('broken invariant');
  });
});

describe('what the doors are told', () => {
  it('lists every command with its fields, and completes them', async () => {
    const { bus, inbound } = busWorld();
    const deploy = bus.commands.find(({ name }) => name === 'deploy');
    expect(deploy?.fields.map(({ name, kind, required }) => [name, kind, required])).toEqual([
      ['service', 'service', true],
      ['version', 'version', true],
      ['environment', 'environment', false],
      ['reason', 'text', false],
      ['steal', 'flag', false],
      ['breakGlass', 'flag', false],
    ]);
    const { account } = inbound('ada', { kind: 'command', text: '' });
    const complete = (field: string, given: Record<string, string>, prefix = '') => {
      const kind = deploy?.fields.find(({ name }) => name === field)?.kind ?? 'text';
      return bus.complete({ account, command: 'deploy', field, kind, prefix, given });
    };
    const values = async (...args: Parameters<typeof complete>) =>
      (await complete(...args)).map(({ value }) => value);
    expect(await values('service', {})).toEqual(['shop']);
    expect(await values('environment', { service: 'shop' }, 'pro')).toEqual(['production']);
    expect((await values('version', { service: 'shop' })).sort()).toEqual(['v1', 'v2', 'v3']);
    expect(await values('version', { service: 'constructor' })).toEqual([]);
    expect(memoryArtifact('shop', 'v1').version).toBe('v1');
  });
});
