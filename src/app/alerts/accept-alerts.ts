import { halted } from '#app/command-reply.ts';
import { wake } from '#app/rollout/advance.ts';
import type { Rollouts } from '#app/rollouts.ts';
import type { World } from '#app/world.ts';
import { absorbNotice, type Fired } from '#core/alerts/absorb-notice.ts';
import { aimOf } from '#core/alerts/aim.ts';
import type { AlertNotice } from '#core/alerts/alert.ts';
import type { AlertEvent, Home, Suspect } from '#core/alerts/events.ts';
import { type AlertGroup, firing, isAimedAt } from '#core/alerts/group.ts';
import { refusal } from '#core/refusal.ts';
import { no, ok } from '#core/result.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';
import type { AlertSettings } from '#core/settings/alerts.ts';
import type { AlertIntake } from '#ports/alert-intake.ts';
import type { Transaction } from '#ports/store.ts';
import { lockGroup, type StoredGroup, withEvents, writeGroup } from './alert-stream.ts';
import { findSuspects } from './find-suspects.ts';
import { type Held, holdAgainst, letGo } from './hold-against.ts';
import type { ProjectAlert } from './project-alert.ts';

/** A repetition is noted once in so many milliseconds: it only says that the alert still rings. */
const seenEveryMs = 600_000;

interface Taken {
  readonly fresh: boolean;
  readonly wake: readonly string[];
}

/**
 * Takes alerts in. Everything that a notice leads to (the thread, the suspects, what is held
 * against releases) is one transaction, so a crash before the acknowledgement leaves nothing
 * behind, and the sender's repetition after it changes nothing.
 */
export function acceptAlerts(world: World, rollouts: Rollouts, project: ProjectAlert): AlertIntake {
  return {
    async accept(notice) {
      const doubt = world.halted();
      if (doubt !== null) return no(halted(doubt));
      const { settings } = world.settings();
      const { alerts } = settings;
      if (alerts === undefined) {
        return no(
          refusal(
            'alert.not_configured',
            'The settings have no section `alerts`.',
            'Add one, or take this receiver out.',
          ),
        );
      }
      if (!mayReceive(alerts, notice)) {
        return no(
          refusal(
            'alert.unknown_receiver',
            `The receiver “${notice.receiver}” is not among alerts.receivers.`,
            'Add it to the settings, or send through another one.',
          ),
        );
      }
      const taken = await world.store.transact((tx) => take(tx, alerts, notice));
      world.telemetry.count('alert_notices_total', {
        source: notice.source,
        news: taken.fresh ? 'yes' : 'no',
      });
      if (taken.fresh) world.pokeDelivery();
      const now = Math.floor(world.clock.now());
      for (const id of taken.wake) await wake(world, id, null, now);
      return ok({ fresh: taken.fresh });
    },
  };

  async function take(tx: Transaction, alerts: AlertSettings, notice: AlertNotice): Promise<Taken> {
    const key = world.crypto.sha256(`${notice.receiver}\0${notice.groupKey}`);
    const id = `${notice.source}-${key.slice(0, 16)}`;
    const stored = await lockGroup(tx, id);
    const reading = { settings: alerts, lookup: world.settings().lookup };
    const under = await underWay(tx, alerts, notice);
    const told = absorbNotice(
      stored.group,
      notice,
      id,
      reading,
      (fired) => homeOf(fired, under),
      tx.now,
    );
    if (told.length === 0) return again(tx, alerts, stored);
    return record(tx, alerts, stored, told);
  }

  /** Told of again without news: only when that was is kept, and not each time. */
  async function again(
    tx: Transaction,
    alerts: AlertSettings,
    stored: StoredGroup,
  ): Promise<Taken> {
    const rings = stored.group?.phase === 'firing';
    if (rings && tx.now - stored.seenAt >= seenEveryMs) {
      await writeGroup(tx, stored, [], { seenAt: tx.now, silenceMs: alerts.silence * 1000 });
    }
    return { fresh: false, wake: [] };
  }

  async function record(
    tx: Transaction,
    alerts: AlertSettings,
    stored: StoredGroup,
    told: readonly AlertEvent[],
  ): Promise<Taken> {
    const events = [...told];
    const fired = told.some(({ kind }) => kind === 'alert.fired');
    const group = withEvents(stored.group, events, tx.now);
    if (group === null) throw new Error('A notice with news left no group');
    let held: Held = { events: [], wake: [] };
    if (fired) {
      const suspects = await findSuspects(tx, world.settings(), group);
      if (!sameSuspects(suspects, group.suspects)) {
        events.push({ kind: 'suspects.ranked', suspects: [...suspects] });
      }
      held = await holdAgainst(tx, world, rollouts, group);
      events.push(...held.events, ...raised(group));
    }
    if (group.phase === 'resolved') await letGo(tx, rollouts, group, 'the alert is over');
    const after = await writeGroup(tx, stored, events, {
      seenAt: tx.now,
      silenceMs: alerts.silence * 1000,
    });
    await project(tx, after, { events, version: stored.version + events.length });
    return { fresh: true, wake: held.wake };
  }

  /** The rollouts that are at work where the alerts of a notice are aimed. */
  async function underWay(
    tx: Transaction,
    alerts: AlertSettings,
    notice: AlertNotice,
  ): Promise<readonly RolloutState[]> {
    const { lookup } = world.settings();
    const found = new Map<string, RolloutState>();
    for (const { labels } of notice.alerts) {
      const aim = aimOf(labels, alerts, lookup);
      if (aim === null || found.has(`${aim.service}/${aim.environment}`)) continue;
      const active = await rollouts.active(tx, aim.service, aim.environment);
      if (active !== null && !ended(active.phase)) {
        found.set(`${aim.service}/${aim.environment}`, active);
      }
    }
    return [...found.values()];
  }
}

/**
 * Where an episode is told: what settings call a mere note, about a service that is being changed
 * right now, is that change's noise and goes into its thread.
 */
function homeOf(fired: readonly Fired[], under: readonly RolloutState[]): Home {
  const [rollout, ...others] = under;
  const noise = fired.every(({ effect }) => effect === 'note');
  if (rollout === undefined || others.length > 0 || !noise) return { kind: 'channel' };
  const own = fired.every(({ aim }) => isAimedAt(aim, rollout));
  return own ? { kind: 'rollout', rollout: rollout.id } : { kind: 'channel' };
}

/** It was noise, and has become worse. */
function raised(group: AlertGroup): readonly AlertEvent[] {
  if (group.home.kind === 'channel' || group.raised) return [];
  const worse = firing(group).some(({ effect }) => effect !== 'note');
  return worse ? [{ kind: 'episode.raised', because: 'has become worse' }] : [];
}

function sameSuspects(a: readonly Suspect[], b: readonly Suspect[]): boolean {
  return a.length === b.length && a.every(({ rollout }, index) => rollout === b[index]?.rollout);
}

function mayReceive({ receivers }: AlertSettings, { source, receiver }: AlertNotice): boolean {
  const named = source === 'alertmanager' || source === 'grafana';
  return !named || receivers === undefined || receivers.includes(receiver);
}
