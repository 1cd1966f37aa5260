import { createMemoryChat } from '#adapters/memory/chat.ts';
import { createMemoryDirectory } from '#adapters/memory/directory.ts';
import { createCommandBus } from '#app/command-bus.ts';
import { createAuthority } from '#app/resolve-authority.ts';
import type { World } from '#app/world.ts';
import * as commands from '#commands/index.ts';
import type { Inbound, Reply } from '#ports/gateway.ts';
import type { LedgerEvent } from '#ports/ledger.ts';
import { memoryWorld } from './memory-world.ts';

type Settings = Parameters<NonNullable<Parameters<typeof memoryWorld>[0]>>[0];

const everybody = ['ada', 'bob', 'grace', 'linus', 'eve'];

function configure(text: Settings): void {
  Object.assign(text.roles, {
    viewer: { may: ['view', 'link'], from: [{ kind: 'people', people: everybody }] },
    engineer: {
      may: ['deploy', 'advance', 'abort', 'rollback', 'lock'],
      from: [{ kind: 'people', people: ['ada', 'bob'] }],
    },
    approver: { may: ['approve'], from: [{ kind: 'people', people: ['ada', 'grace', 'linus'] }] },
    keeper: {
      may: [
        'deploy',
        'abort',
        'lock',
        'unlock-others',
        'freeze',
        'break-glass',
        'review',
        'advance',
      ],
      from: [{ kind: 'people', people: ['eve', 'linus'] }],
    },
  });
  const people = everybody.map((id) => [
    id,
    {
      name: `${id.charAt(0).toUpperCase()}${id.slice(1)}`,
      accounts: [{ platform: 'console', tenant: 'console', user: id }],
    },
  ]);
  Object.assign(text.people, Object.fromEntries(people));
}

/** A world in memory with every command behind a bus, real authority, and a chat to answer through. */
export function busWorld(change: (text: Settings) => unknown = () => undefined) {
  const memory = memoryWorld((text) => {
    configure(text);
    change(text);
  });
  const { clock } = memory.world;
  const directory = createMemoryDirectory({ platform: 'console', tenant: 'console', clock });
  for (const id of [...everybody, 'mallory']) directory.world.person(id);
  const elsewhere = createMemoryDirectory({ platform: 'elsewhere', tenant: 'T1', clock });
  const chat = createMemoryChat({ clock, name: 'console' });
  let halted: string | null = null;
  const world: World = {
    ...memory.world,
    directory: (platform) =>
      [directory, elsewhere].map((one) => one.directory).find((one) => one.platform === platform),
    platform: (name) => (name === 'console' ? chat.platform : undefined),
    halted: () => halted,
  };
  const { rollouts } = memory;
  const authority = createAuthority(world);
  const parts = { world, rollouts, authority, commands: Object.values(commands) };
  const bus = createCommandBus(parts);
  let delivery = 0;

  function inbound(by: string, content: Inbound['content'], over: Partial<Inbound> = {}): Inbound {
    delivery += 1;
    return {
      source: 'console',
      deliveryId: `d-${delivery}`,
      account: { platform: 'console', tenant: 'console', user: by },
      displayName: by,
      excluded: [],
      channel: null,
      replyTo: `reply-${delivery}`,
      content,
      receivedAt: clock.now(),
      ...over,
    };
  }

  async function commandEvents(): Promise<readonly LedgerEvent[]> {
    return world.store.transact((tx) => tx.events({ streamPrefix: 'command:' }));
  }

  return {
    store: memory.store,
    rights: memory.rights,
    changes: memory.changes,
    target: memory.target,
    rollouts,
    problems: memory.problems,
    metrics: memory.metrics,
    drive: memory.drive,
    read: memory.read,
    now: memory.now,
    pass: memory.pass,
    reconfigure: memory.reconfigure,
    world,
    parts,
    bus,
    chat,
    directory,
    elsewhere,
    inbound,
    commandEvents,
    halt: (because: string | null) => {
      halted = because;
    },
    say: (text: string, by = 'ada', over: Partial<Inbound> = {}): Promise<Reply> =>
      bus.handle(inbound(by, { kind: 'command', text }, over)),
    press: (
      token: string,
      by = 'ada',
      input: string | null = null,
      over: Partial<Inbound> = {},
    ): Promise<Reply> => bus.handle(inbound(by, { kind: 'action', token, input }, over)),
  };
}

/** The code of a refusal, or `done`. */
export function outcome(reply: Reply): string {
  return reply.refusal?.code ?? 'done';
}

/** The buttons of a reply, by label. */
export function buttonsOf(reply: Reply): Readonly<Record<string, string>> {
  const buttons = reply.view.blocks.flatMap((block) =>
    block.kind === 'buttons' ? block.buttons : [],
  );
  return Object.fromEntries(buttons.map(({ label, token }) => [label, token]));
}
