import { acceptAlerts } from '#app/alerts/accept-alerts.ts';
import { alertStream } from '#app/alerts/alert-stream.ts';
import { projectAlert } from '#app/alerts/project-alert.ts';
import { tendAlerts } from '#app/alerts/tend-alerts.ts';
import { readGroup } from '#app/alerts/trust-boundary.ts';
import { readWatchOf } from '#app/alerts/watch-stream.ts';
import type { Alert, AlertNotice } from '#core/alerts/alert.ts';
import type { AlertGroup } from '#core/alerts/group.ts';
import type { View } from '#core/message.ts';
import type { AlertIntake } from '#ports/alert-intake.ts';
import type { OnCall } from '#ports/on-call.ts';
import { busWorld } from '../bus-world.ts';

type Change = NonNullable<Parameters<typeof busWorld>[0]>;

/** A bus world whose settings want alerts, with the doors of alerts open. */
export function alertWorld(change: Change = () => undefined, alerts: object = {}) {
  const bus = busWorld((text) => {
    Object.assign(text.channels, { 'on-call': { console: 'on-call' } });
    Object.assign(text, { alerts: { channel: 'on-call', ...alerts } });
    change(text);
  });
  const { world, rollouts, store } = bus;
  const project = projectAlert(world);
  const intake: AlertIntake = acceptAlerts(world, rollouts, project);
  let onCall: OnCall | null = null;

  async function released(version: string): Promise<string> {
    const reply = await bus.say(`deploy shop ${version} to production`);
    const id = reply.rollout;
    if (id === null) throw new Error(JSON.stringify(reply));
    await bus.drive(2);
    const approved = await bus.say(`approve ${id}`, 'grace');
    if (approved.refusal !== null) throw new Error(approved.refusal.message);
    return id;
  }

  async function surface(id: string): Promise<View | null> {
    return (await store.transact((tx) => tx.surface(id)))?.desired ?? null;
  }

  return {
    ...bus,
    intake,
    /** Asks for a release of the shop and has it approved. */
    released,
    /** The same, driven until it is live. */
    async live(version: string): Promise<string> {
      const id = await released(version);
      await bus.drive(170);
      const state = await bus.read(id);
      if (state.phase !== 'succeeded') throw new Error(`${id} is ${state.phase}`);
      return id;
    },
    async fire(notice: AlertNotice): Promise<boolean> {
      const taken = await intake.accept(notice);
      if (!taken.ok) throw new Error(taken.refusal.message);
      return taken.value.fresh;
    },
    async groups(): Promise<readonly AlertGroup[]> {
      const records = await store.transact((tx) => tx.streams({ kind: 'alert' }));
      return records.map(({ row }) => readGroup(row.state).group);
    },
    events: async (group: string) =>
      (await store.transact((tx) => tx.events({ stream: alertStream(group) }))).map(
        ({ kind }) => kind,
      ),
    watch: (rollout: string) => store.transact((tx) => readWatchOf(tx, rollout)),
    surface,
    card: (group: AlertGroup) =>
      surface(`alert:${group.id}:${group.thread}:console:console:on-call:card`),
    tend: tendAlerts({ world, rollouts, project, onCall: () => onCall }),
    answerOnCall: (next: OnCall | null) => {
      onCall = next;
    },
  };
}

/** A notice as a sender tells it. */
export function notice(
  alerts: readonly (Partial<Alert> & { readonly startsAt: number })[],
  over: Partial<AlertNotice> = {},
): AlertNotice {
  const told = alerts.map((alert) => ({
    fingerprint: 'f1',
    status: 'firing' as const,
    endsAt: null,
    labels: { alertname: 'HighErrorRate', severity: 'critical', service: 'shop' },
    name: 'HighErrorRate',
    summary: '12 % of requests fail',
    runbook: null,
    url: null,
    ...alert,
  }));
  return {
    source: 'alertmanager',
    receiver: 'signalbox',
    groupKey: '{}:{alertname="HighErrorRate"}',
    status: told.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    title: 'HighErrorRate',
    url: null,
    alerts: told,
    truncated: 0,
    ...over,
  };
}

/** The buttons of a view, by label. */
export function buttonsIn(view: View | null): Readonly<Record<string, string>> {
  const buttons = (view?.blocks ?? []).flatMap((block) =>
    block.kind === 'buttons' ? block.buttons : [],
  );
  return Object.fromEntries(buttons.map(({ label, token }) => [label, token]));
}

/** Everything that a view says, as text. */
export function wordsIn(view: View | null): string {
  return JSON.stringify(view);
}
