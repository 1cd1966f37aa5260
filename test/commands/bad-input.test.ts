import { describe, expect, it } from 'vitest';
import type { Inbound, Reply } from '#ports/gateway.ts';
import { busWorld, outcome } from '../app/bus-world.ts';

type World = ReturnType<typeof busWorld>;

/** A release of v2 to production that waits for approval. */
async function waiting(world: World, by = 'ada'): Promise<string> {
  const reply = await world.say('deploy shop v2 to production', by);
  if (reply.rollout === null) throw new Error(reply.view.summary);
  await world.drive(2);
  return reply.rollout;
}

/** The token of the button under which this command of a rollout was stored last. */
async function token(world: World, rollout: string, command: string): Promise<string> {
  const shown = await world.say(`show ${rollout}`);
  const tokens = shown.view.blocks
    .flatMap((block) => (block.kind === 'buttons' ? block.buttons : []))
    .map((button) => button.token);
  for (const one of tokens) {
    const action = await world.store.transact((tx) => tx.action(one));
    if (action?.command === command) return one;
  }
  throw new Error(`${rollout} has no button for ${command}`);
}

interface Row {
  readonly what: string;
  readonly code: string;
  /** What the refusal must name, in message or next step. */
  readonly says?: string;
  readonly ask: (world: World) => Promise<Reply>;
}

const say =
  (text: string, by = 'ada', over: Partial<Inbound> = {}) =>
  (world: World) =>
    world.say(text, by, over);

const rows: readonly Row[] = [
  {
    what: 'an unknown service',
    code: 'service.unknown',
    says: 'Did you mean “shop”?',
    ask: say('deploy shpo v2'),
  },
  {
    what: 'a service in other letters',
    code: 'service.unknown',
    says: 'U+0043',
    ask: say('deploy sCop v2'),
  },
  {
    what: 'a look-alike of an environment',
    code: 'environment.unknown',
    says: 'U+043E',
    ask: say('deploy shop v2 to prоduction'),
  },
  {
    what: 'an unknown environment',
    code: 'environment.unknown',
    says: 'Did you mean “staging”?',
    ask: say('deploy shop v2 to stagign'),
  },
  {
    what: 'an unknown version',
    code: 'version.unknown',
    says: 'Did you mean',
    ask: say('deploy shop v22'),
  },
  {
    what: 'an option that is an injection',
    code: 'command.syntax',
    ask: say('deploy shop v2 --context=evil'),
  },
  { what: 'a version that is a path', code: 'command.syntax', ask: say('deploy shop ../v2') },
  { what: 'a service that is a property', code: 'service.unknown', ask: say('status constructor') },
  {
    what: 'an unknown command',
    code: 'command.unknown',
    says: 'Did you mean “deploy”?',
    ask: say('deplyo shop v2'),
  },
  {
    what: 'control characters',
    code: 'command.syntax',
    says: 'U+0007',
    ask: say('deploy shop v2\u0007'),
  },
  { what: 'a text that is too long', code: 'command.too_long', ask: say('deploy '.repeat(400)) },
  {
    what: 'a duration that is none',
    code: 'time.syntax',
    ask: say('lock shop staging --for soon because x'),
  },
  { what: 'a lock without a reason', code: 'reason.required', ask: say('lock shop staging') },
  {
    what: 'break-glass without a reason',
    code: 'reason.required',
    ask: say('deploy shop v2 to production --break-glass', 'eve'),
  },
  {
    what: 'break-glass without the right',
    code: 'access.missing_role',
    ask: say('deploy shop v2 to production --break-glass because everything burns'),
  },
  {
    what: 'somebody without a role',
    code: 'access.missing_role',
    ask: say('deploy shop v2', 'mallory'),
  },
  { what: 'a bot', code: 'access.bot', ask: say('deploy shop v2', 'ada', { excluded: ['bot'] }) },
  {
    what: 'a guest',
    code: 'access.guest',
    ask: say('deploy shop v2', 'ada', { excluded: ['guest'] }),
  },
  {
    what: 'a stranger',
    code: 'access.external',
    ask: say('deploy shop v2', 'ada', { excluded: ['external'] }),
  },
  {
    what: 'another context',
    code: 'access.wrong_context',
    ask: say('deploy shop v2', 'ada', { excluded: ['wrong_context'] }),
  },
  {
    what: 'the right user of another workspace',
    code: 'access.missing_role',
    ask: say('deploy shop v2', 'ada', {
      account: { platform: 'console', tenant: 'other', user: 'ada' },
    }),
  },
  {
    what: 'a directory that cannot be asked',
    code: 'access.membership_unknown',
    async ask(world) {
      world.directory.world.outage(true);
      return world.say('deploy shop v2');
    },
  },
  { what: 'a rollout that does not exist', code: 'rollout.unknown', ask: say('pause shop-99') },
  { what: 'nothing under way', code: 'rollout.none_active', ask: say('pause shop in staging') },
  { what: 'no rollout named', code: 'rollout.none_active', ask: say('pause') },
  {
    what: 'nothing to go back to',
    code: 'rollout.no_previous',
    ask: say('rollback shop in staging'),
  },
  { what: 'nothing to promote', code: 'promotion.not_verified', ask: say('promote shop') },
  {
    what: 'nowhere to promote to',
    code: 'promotion.no_next',
    ask: say('promote shop from production'),
  },
  { what: 'unlocking what is not locked', code: 'lock.none', ask: say('unlock shop staging') },
  { what: 'thawing what is not frozen', code: 'freeze.unknown', ask: say('thaw freeze-9', 'eve') },
  { what: 'a link that does not exist', code: 'link.expired', ask: say('link nonsense as ada') },
  {
    what: 'a version already live',
    code: 'version.already_live',
    async ask(world) {
      await world.say('deploy shop v2 to staging');
      await world.drive(60);
      return world.say('deploy shop v2 to staging');
    },
  },
  {
    what: 'the same release twice',
    code: 'rollout.already_requested',
    async ask(world) {
      await waiting(world);
      return world.say('deploy shop v2 to production', 'bob');
    },
  },
  {
    what: 'stealing without the right to abort',
    code: 'access.missing_role',
    async ask(world) {
      await waiting(world, 'bob');
      world.reconfigure((text) => {
        text.roles.engineer.may = ['deploy'];
      });
      return world.say('deploy shop v3 to production --steal');
    },
  },
  {
    what: 'approving one’s own request',
    code: 'approval.self',
    async ask(world) {
      return world.say(`approve ${await waiting(world)}`);
    },
  },
  {
    what: 'approving twice',
    code: 'approval.twice',
    async ask(world) {
      world.reconfigure((text) => {
        const [gate] = text.environments.production.gates;
        if (gate !== undefined) gate.options.quorum = 2;
      });
      const id = await waiting(world);
      expect(outcome(await world.say(`approve ${id}`, 'grace'))).toBe('done');
      return world.say(`approve ${id}`, 'grace');
    },
  },
  {
    what: 'approving without the role',
    code: 'access.missing_role',
    async ask(world) {
      return world.say(`approve ${await waiting(world)}`, 'bob');
    },
  },
  {
    what: 'approving after leaving, by a button shown before',
    code: 'access.missing_role',
    async ask(world) {
      const press = await token(world, await waiting(world), 'approve');
      world.reconfigure((text) => {
        Object.assign(text.roles, {
          approver: { may: ['approve'], from: [{ kind: 'people', people: ['linus'] }] },
        });
      });
      return world.press(press, 'grace');
    },
  },
  {
    what: 'approving what has expired',
    code: 'approval.expired',
    async ask(world) {
      const id = await waiting(world);
      world.pass(2 * 86_400);
      return world.say(`approve ${id}`, 'grace');
    },
  },
  {
    what: 'approving a plan that was replaced',
    code: 'plan.superseded',
    async ask(world) {
      const id = await waiting(world);
      const press = await token(world, id, 'approve');
      world.reconfigure((text) => {
        const [gate] = text.environments.production.gates;
        if (gate !== undefined) gate.options.quorum = 2;
      });
      await world.say(`approve ${id}`, 'linus');
      await world.drive(5);
      return world.press(press, 'grace');
    },
  },
  {
    what: 'approving what is not asked for',
    code: 'approval.not_needed',
    async ask(world) {
      const reply = await world.say('deploy shop v2 to staging');
      await world.drive(1);
      return world.say(`approve ${reply.rollout}`, 'grace');
    },
  },
  {
    what: 'taking back an approval that was not given',
    code: 'approval.not_given',
    async ask(world) {
      return world.say(`revoke ${await waiting(world)}`, 'grace');
    },
  },
  {
    what: 'a button of a release that has ended',
    code: 'rollout.ended',
    async ask(world) {
      const id = await waiting(world);
      const press = await token(world, id, 'abort');
      await world.say(`abort ${id}`);
      return world.press(press);
    },
  },
  {
    what: 'a button that nobody stored',
    code: 'action.unknown',
    ask: (world) => world.press('a.made-up'),
  },
  {
    what: 'a token of strange letters',
    code: 'action.unknown',
    ask: (world) => world.press('<!channel>'),
  },
  {
    what: 'a button that has expired',
    code: 'action.unknown',
    async ask(world) {
      const press = await token(world, await waiting(world), 'approve');
      world.pass(40 * 86_400);
      return world.press(press, 'grace');
    },
  },
  {
    what: 'a button whose argument names another release',
    code: 'plan.mismatch',
    async ask(world) {
      const id = await waiting(world);
      const action = {
        token: 'forged',
        command: 'approve',
        args: { rollout: 'shop-2' },
        planHash: null,
        rollout: id,
        expiresAt: world.now() + 1000,
      };
      await world.store.transact((tx) => tx.storeActions([action]));
      return world.press('forged', 'grace');
    },
  },
  {
    what: 'a button of a command that is gone',
    code: 'action.stale',
    async ask(world) {
      const action = {
        token: 'gone',
        command: 'detonate',
        args: {},
        planHash: null,
        rollout: null,
        expiresAt: world.now() + 1000,
      };
      await world.store.transact((tx) => tx.storeActions([action]));
      return world.press('gone');
    },
  },
  {
    what: 'a comment with invisible characters',
    code: 'command.syntax',
    async ask(world) {
      const press = await token(world, await waiting(world), 'deny');
      return world.press(press, 'grace', 'no\u202e');
    },
  },
  {
    what: 'a wrong phase',
    code: 'rollout.wrong_phase',
    async ask(world) {
      return world.say(`resume ${await waiting(world)}`);
    },
  },
  {
    what: 'a lock that somebody holds',
    code: 'lock.held',
    async ask(world) {
      await world.say('lock shop staging because mine', 'eve');
      return world.say('lock shop staging because mine too');
    },
  },
  {
    what: 'releasing somebody else’s lock',
    code: 'lock.not_owner',
    async ask(world) {
      await world.say('lock shop staging because mine', 'eve');
      return world.say('unlock shop staging');
    },
  },
  {
    what: 'break-glass too often',
    code: 'override.rate_limited',
    async ask(world) {
      for (const version of ['v2', 'v3']) {
        const text = `deploy shop ${version} to production --break-glass because fire`;
        expect(outcome(await world.say(text, 'eve'))).toBe('done');
      }
      return world.say('advance shop-1 --break-glass because still burning', 'eve');
    },
  },
  {
    what: 'reviewing one’s own break-glass',
    code: 'approval.self',
    async ask(world) {
      await world.say('deploy shop v2 to production --break-glass because fire', 'eve');
      await world.drive(5);
      return world.say('review shop-1', 'eve');
    },
  },
  {
    what: 'a version that was never live, to go back to',
    code: 'version.unknown',
    async ask(world) {
      await world.say('deploy shop v2 to staging');
      await world.drive(60);
      return world.say('rollback shop in staging to v3');
    },
  },
  {
    what: 'the rollback of a release that another has followed',
    code: 'action.stale',
    async ask(world) {
      const first = await world.say('deploy shop v2 to staging');
      await world.drive(60);
      await world.say('deploy shop v3 to staging');
      await world.drive(60);
      return world.say(`rollback ${first.rollout}`);
    },
  },
];

describe('bad input', () => {
  it.each(rows)('$what: $code', async ({ code, says, ask }) => {
    const world = busWorld();
    const reply = await ask(world);
    expect(outcome(reply)).toBe(code);
    expect(reply.visibility).toBe('private');
    const { message = '', next = '' } = reply.refusal ?? {};
    expect(message).not.toBe('');
    expect(next).not.toBe('');
    if (says !== undefined) expect(`${message} ${next}`).toContain(says);
    const events = await world.commandEvents();
    expect(events.at(-1)).toMatchObject({ kind: 'command.refused', body: { code } });
    expect(world.problems).toEqual([]);
  });
});
