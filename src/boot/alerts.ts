import {
  type MutualTlsListener,
  mountAlertWebhooks,
  mountTrustedWebhooks,
  openMutualTls,
} from '#adapters/webhooks/index.ts';
import type { Configuration } from '#config.ts';
import type { MutualTls } from '#core/settings/alerts.ts';
import type { AlertIntake } from '#ports/alert-intake.ts';
import type { HttpHost } from '#ports/http-host.ts';
import type { Log } from '#ports/log.ts';
import { CannotStart } from './cannot-start.ts';
import type { Core } from './core.ts';

/**
 * Opens the doors of alerts, where the settings want alerts: on the process's own server for those
 * who show a secret, and on a listener of its own for those who show a certificate. Gives what has
 * to be started and closed; null when there is none.
 * @throws CannotStart when no sender could ever be told from a stranger
 */
export function openAlertDoors(
  { settings, environment }: Configuration,
  { world }: Core,
  intake: AlertIntake,
  http: HttpHost,
): MutualTlsListener | null {
  const tokens = eachOf(environment.SIGNALBOX_ALERT_TOKEN?.reveal());
  const pagerDuty = eachOf(environment.SIGNALBOX_PAGERDUTY_SECRET?.reveal());
  const { log, telemetry } = world;
  const parts = { intake, log, telemetry };
  mountAlertWebhooks(http, parts, { tokens, pagerDuty });
  const { alerts } = settings;
  if (alerts === undefined) return null;
  if (alerts.mutualTls !== undefined) {
    const listener = listen(alerts.mutualTls, log);
    mountTrustedWebhooks(listener.http, parts);
    return listener;
  }
  // Bells of our own come in by no door.
  const own = Object.keys(alerts.bells).length > 0;
  if (tokens.length + pagerDuty.length === 0 && !own) {
    throw new CannotStart(
      'The settings have a section alerts, but nothing that tells their senders from strangers. ' +
        'Set SIGNALBOX_ALERT_TOKEN or SIGNALBOX_PAGERDUTY_SECRET, or configure alerts.mutualTls.',
    );
  }
  return null;
}

/** One a line: each subscription of PagerDuty has a secret of its own. */
function eachOf(secrets: string | undefined): readonly string[] {
  return (secrets ?? '').split(/\s+/).filter((one) => one !== '');
}

/** @throws CannotStart when a file of the listener cannot be used */
function listen(options: MutualTls, log: Log): MutualTlsListener {
  try {
    return openMutualTls(options, log);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it is unusable';
    throw new CannotStart(`The listener of alerts.mutualTls cannot be opened: ${why}.`);
  }
}
