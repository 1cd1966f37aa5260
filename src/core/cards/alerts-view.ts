import { type AlertGroup, beganAt } from '#core/alerts/group.ts';
import type { View } from '#core/message.ts';
import { openSuspects, type SuspectNow } from './alert-actions.ts';
import { alertStanding, alertTitle } from './alert-card.ts';

/** What rings now: the answer of `alerts`. */
export function alertsView(
  rows: readonly { readonly group: AlertGroup; readonly suspects: readonly SuspectNow[] }[],
  configured: boolean,
): View {
  const count = rows.length;
  const quiet = configured
    ? 'No alert fires.'
    : 'No alerts come in: the settings have no section alerts.';
  const said = count === 0 ? quiet : `${count} ${count === 1 ? 'alert fires' : 'alerts fire'}.`;
  return {
    tone: count === 0 ? 'success' : 'danger',
    title: 'Alerts',
    summary: said,
    blocks: [
      { kind: 'text', line: [{ kind: 'strong', text: said }] },
      ...(count === 0
        ? []
        : [
            {
              kind: 'table' as const,
              columns: [
                { label: 'Alert' },
                { label: 'Since' },
                { label: 'Suspects' },
                { label: 'Name' },
              ],
              rows: rows.map(({ group, suspects }) => [
                [`${alertTitle(group)}, ${alertStanding(group)}`],
                [{ kind: 'time' as const, at: beganAt(group), as: 'clock' as const }],
                [suspectWords(group, suspects)],
                [{ kind: 'code' as const, text: group.id }],
              ]),
            },
          ]),
    ],
  };
}

function suspectWords(group: AlertGroup, suspects: readonly SuspectNow[]): string {
  const open = openSuspects(group, suspects);
  if (open.length === 0) return 'none';
  return open
    .slice(0, 3)
    .map(({ suspect }) => `${suspect.service} ${suspect.version} (${suspect.rollout})`)
    .join(', ');
}
