import { type AlertGroup, aimsOf, beganAt, severityOf } from '#core/alerts/group.ts';
import type { SuspectNow } from '#core/cards/alert-actions.ts';
import { alertCard } from '#core/cards/alert-card.ts';
import type { RingingAlert } from '#ports/reader.ts';
import type { Town } from './town.ts';

/** What rings in the town: errors of what was released last to checkout in production. */
export function townGroups(
  town: Town,
): readonly { readonly group: AlertGroup; readonly suspects: readonly SuspectNow[] }[] {
  const state = town
    .states()
    .find((one) => one.service === 'checkout' && one.phase === 'succeeded');
  if (state === undefined) return [];
  const since = (state.endedAt ?? 0) + 600_000;
  const suspect = {
    rollout: state.id,
    service: 'checkout',
    environment: 'production',
    version: state.artifact.version,
    ...{ distance: 0, trafficAt: state.startedAt ?? 0, share: 100, score: 0.7 },
    ...{ verdict: 'passed' as const, quietBefore: true },
  };
  const group: AlertGroup = {
    ...{ id: 'alertmanager-00c0ffee00c0ffee', source: 'alertmanager', receiver: 'signalbox' },
    ...{ title: 'HighErrorRate', url: 'https://alerts.example/', episode: 1, thread: 1 },
    ...{ phase: 'firing', openedAt: since, closedAt: null, closedBecause: null },
    alerts: [
      {
        ...{ fingerprint: 'f1', startsAt: since, endsAt: null, name: 'HighErrorRate' },
        ...{ severity: 'critical', effect: 'pause' as const },
        aim: { service: 'checkout', environment: 'production' },
        summary: '4.2 % of requests to checkout fail',
        labels: { cluster: 'north' },
        ...{ runbook: 'https://runbooks.example/errors', url: 'https://alerts.example/f1' },
      },
    ],
    ...{ truncated: 0, home: { kind: 'channel' }, raised: false, suspects: [suspect] },
    ...{ linked: [], cleared: [], ended: {}, past: [] },
    onCall: { people: ['Linus Pauling'], because: 'by PagerDuty' },
  };
  return [{ group, suspects: [{ suspect, state, holds: true, fate: null }] }];
}

/** The same as its pages show it. */
export function townAlerts(town: Town): readonly RingingAlert[] {
  return townGroups(town).map(({ group, suspects }) => ({
    id: group.id,
    title: group.title,
    severity: severityOf(group),
    since: beganAt(group),
    places: aimsOf(group),
    card: alertCard(group, suspects, town.context()),
    suspects: suspects.map(({ suspect }) => suspect),
    messages: [],
    toldIn: null,
  }));
}
