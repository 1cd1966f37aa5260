import { Fault } from '#core/fault.ts';
import type { Refusal } from '#core/refusal.ts';
import type { Gateway, Inbound, Reply } from '#ports/gateway.ts';
import type { Authority } from './authority.ts';
import type { BusParts } from './bus-parts.ts';
import type { Command } from './command.ts';
import { createIntake, type Received } from './command-intake.ts';
import { accountAsActor, type Delivery } from './command-record.ts';
import {
  answered,
  checking,
  duplicate,
  halted,
  incident,
  refused,
  tooLate,
  unavailable,
} from './command-reply.ts';
import { completeField } from './complete-field.ts';
import { deliverReply } from './deliver-reply.ts';
import { createLanes } from './lanes.ts';
import { type ReadCommand, readCommand } from './read-command.ts';
import { resumedClick } from './resumed-click.ts';
import type { Rollouts } from './rollouts.ts';
import { type Ending, refuseCommand, runCommand } from './run-command.ts';
import { sayIfSlow } from './say-if-slow.ts';
import type { World } from './world.ts';

/** The only way in, and what the process does for it. */
export interface CommandBus extends Gateway {
  /**
   * Handles again what was stored and never finished: the process died, or the database was away.
   * Returns how many rows it took up. The reconciler calls it; it is safe beside other processes.
   */
  recoverInbox(): Promise<number>;
  /** Does what an account was linked for, once. */
  resume(click: unknown): void;
  /** Resolves when everything that was accepted here has been answered. */
  idle(): Promise<void>;
}

/** Commands that change something at the same time: acknowledgements keep their share of the store. */
const lanesAtOnce = 4;
/** A row this old without an end was abandoned by whoever took it. */
const abandonedMs = 15_000;
/** A command that waited longer is not carried out any more: its world has moved on. */
const stillMeantMs = 600_000;
const recoveredAtOnce = 50;
/** Who waits longer for a decision hears that it is being made. */
const slowMs = 2_500;

/**
 * The command bus: identify, deduplicate, authorise, parse, run, reply, audit. What only looks
 * runs while the delivery is being stored; what acts begins when it is durable.
 */
export function createCommandBus(options: {
  readonly world: World;
  readonly rollouts: Rollouts;
  readonly authority: Authority;
  readonly commands: readonly Command[];
  /** After how many milliseconds a person hears that the decision still is being made. */
  readonly slowMs?: number;
}): CommandBus {
  const { world, rollouts, authority, commands } = options;
  const patienceMs = options.slowMs ?? slowMs;
  const catalogue = new Map(commands.map((command) => [command.name, command]));
  const parts: BusParts = { world, rollouts, authority, catalogue };
  const intake = createIntake(world.store);
  const lanes = createLanes(lanesAtOnce);
  /** Rows at work in this process. */
  const atWork = new Set<number>();
  /** Rows whose sender was told that nothing was done, while the database was away. */
  const disowned = new Map<number, Refusal>();
  const open = new Set<Promise<unknown>>();

  async function accept(inbound: Inbound): Promise<{ readonly fresh: boolean }> {
    const reading = beginReading(inbound);
    const received = await receiveTimed(inbound);
    if (received.fresh) {
      const delivery = { id: received.id, inbound };
      const said = sayIfSlow(reading, patienceMs, () => sayChecking(inbound));
      keep(handleDelivery(delivery, said).then((reply) => answer(delivery, reply)));
    }
    return { fresh: received.fresh };
  }

  /** Slack and its like may have to be asked who somebody is, and may take their time. */
  async function sayChecking({ source, account, replyTo }: Inbound): Promise<void> {
    const platform = world.platform(source) ?? world.platform(account.platform);
    await platform?.reply(replyTo, checking).catch((error: unknown) => {
      world.log.debug('Somebody waits and could not be told', { error });
    });
  }

  async function handle(inbound: Inbound): Promise<Reply> {
    const reading = beginReading(inbound);
    try {
      const received = await receiveTimed(inbound);
      if (!received.fresh) return refused(duplicate);
      const reply = await handleDelivery({ id: received.id, inbound }, reading);
      return reply ?? refused(duplicate);
    } catch (error) {
      return refused(excuse(error, false, { source: inbound.source }));
    }
  }

  async function receiveTimed(inbound: Inbound): Promise<Received> {
    const startedAt = performance.now();
    const received = await intake.receive(inbound);
    world.telemetry.observe('command_seconds', (performance.now() - startedAt) / 1000);
    return received;
  }

  /** Never rejects: what goes wrong is told when the delivery is handled. */
  function beginReading(inbound: Inbound): Promise<ReadCommand | { readonly error: unknown }> {
    return readCommand(parts, inbound).catch((error: unknown) => ({ error }));
  }

  /** Null when another process finished the row: that one answers. */
  async function handleDelivery(
    delivery: Delivery,
    reading: Promise<ReadCommand | { readonly error: unknown }>,
  ): Promise<Reply | null> {
    atWork.add(delivery.id);
    try {
      const read = await reading;
      const ending = await lanes(async () => {
        await intake.letPass();
        return conclude(delivery, read);
      });
      return replyTo(delivery, ending);
    } catch (error) {
      const why = excuse(error, false, { inbox: delivery.id });
      await disown(delivery, why);
      return refused(why);
    } finally {
      atWork.delete(delivery.id);
    }
  }

  async function conclude(
    delivery: Delivery,
    read: ReadCommand | { readonly error: unknown },
  ): Promise<Ending> {
    const doubt = world.halted();
    if (doubt !== null) return refuseQuietly(delivery, halted(doubt));
    if ('error' in read) throw read.error;
    return read.kind === 'refused'
      ? refuseCommand(parts, delivery, read)
      : runCommand(parts, delivery, read);
  }

  /** While the history is in doubt nothing is added to it. */
  async function refuseQuietly(delivery: Delivery, why: Refusal): Promise<Ending> {
    await world.store.transact((tx) => tx.finishInbox(delivery.id, why.code)).catch(() => false);
    return { kind: 'refused', refusal: why };
  }

  function replyTo(delivery: Delivery, ending: Ending): Reply | null {
    switch (ending.kind) {
      case 'elsewhere':
        return null;
      case 'refused':
        world.telemetry.count('commands_refused', { code: ending.refusal.code });
        return refused(ending.refusal);
      case 'unanswered':
        return refused(excuse(ending.error, true, { inbox: delivery.id }));
      case 'answered':
        world.telemetry.count('commands_accepted');
        wake(delivery, ending.answer.rollout);
        resume(ending.answer.resume);
        return answered(ending.answer);
    }
  }

  function resume(click: unknown): void {
    const inbound = resumedClick(click);
    if (inbound === null) return;
    const done = accept(inbound).catch((error: unknown) =>
      world.log.warn('A click could not be completed', { error }),
    );
    keep(done);
  }

  /** The change is committed: the reconciler finds it even if this fails. */
  function wake(delivery: Delivery, rollout: string | undefined): void {
    world.pokeDelivery();
    if (rollout === undefined) return;
    const woken = world.queue.wake(
      { topic: 'rollout', subject: rollout, attempt: `command-${delivery.id}` },
      null,
    );
    keep(woken.catch((error: unknown) => world.log.warn('A wake was lost', { rollout, error })));
  }

  /** What a person is told when something broke. Faults name what is away; bugs get a number. */
  function excuse(
    error: unknown,
    done: boolean,
    fields: Readonly<Record<string, unknown>>,
  ): Refusal {
    if (error instanceof Fault && !done) {
      world.log.warn('A command met a fault', { ...fields, code: error.code, error });
      return unavailable(error);
    }
    const id = world.random.token(40);
    world.log.error('A command failed', { ...fields, incident: id, error });
    return incident(id, done);
  }

  /** The sender hears that nothing was done, so it must stay undone: the row is closed, now or later. */
  async function disown(delivery: Delivery, why: Refusal): Promise<void> {
    const { account, displayName } = delivery.inbound;
    const actor = accountAsActor(account, displayName);
    try {
      await refuseCommand(parts, delivery, { actor, line: null, refusal: why });
      disowned.delete(delivery.id);
    } catch (error) {
      disowned.set(delivery.id, why);
      world.log.warn('A refusal could not be recorded yet', { inbox: delivery.id, error });
    }
  }

  async function answer(delivery: Delivery, reply: Reply | null): Promise<void> {
    if (reply === null) return;
    await deliverReply(world, delivery, reply).catch((error: unknown) =>
      world.log.error('An answer was lost', { inbox: delivery.id, error }),
    );
  }

  async function recoverInbox(): Promise<number> {
    const now = world.clock.now();
    const rows = await world.store.transact((tx) =>
      tx.unfinishedInbox(now - abandonedMs, recoveredAtOnce),
    );
    const mine = rows.filter((row) => !atWork.has(row.id));
    for (const { id, inbound, arrivedAt } of mine) {
      const delivery = { id, inbound };
      const told = disowned.get(id);
      if (told !== undefined) await disown(delivery, told);
      else if (now - arrivedAt > stillMeantMs) {
        const why = tooLate((now - arrivedAt) / 1000);
        await disown(delivery, why);
        await answer(delivery, refused(why));
      } else {
        await answer(delivery, await handleDelivery(delivery, beginReading(inbound)));
      }
    }
    return mine.length;
  }

  function keep(work: Promise<unknown>): void {
    open.add(work);
    void work.finally(() => open.delete(work));
  }

  return {
    accept,
    handle,
    commands: commands.map(({ name, summary, permission, fields, examples }) => ({
      name,
      summary,
      permission,
      fields,
      examples,
    })),
    complete: (question) => completeField(parts, question),
    recoverInbox,
    resume,
    async idle() {
      while (open.size > 0) await Promise.allSettled(open);
    },
  };
}
