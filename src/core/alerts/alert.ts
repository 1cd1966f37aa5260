import { z } from 'zod';
import type { Instant } from '#core/ids.ts';

/** Where alerts come from. */
export const AlertSource = z.enum(['alertmanager', 'grafana', 'pagerduty', 'bell']);
export type AlertSource = z.infer<typeof AlertSource>;

/** Those that come in from outside. */
export type WebhookSource = Exclude<AlertSource, 'bell'>;

/** One alert of a notice. Texts are plain, cut to bearable lengths, and from anybody. */
export interface Alert {
  /** Names the alert by its labels: the same for every repetition. */
  readonly fingerprint: string;
  readonly status: 'firing' | 'resolved';
  readonly startsAt: Instant;
  /** Null while it fires. */
  readonly endsAt: Instant | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly name: string;
  readonly summary: string;
  /** Links are http or https. */
  readonly runbook: string | null;
  readonly url: string | null;
  /** It tells that the sender could not measure, and nothing about the service. */
  readonly blind?: boolean;
}

/**
 * What a sender tells about one group of alerts: verified and brought into one form. It may come
 * many times, from several peers, late and in any order.
 */
export interface AlertNotice {
  readonly source: AlertSource;
  readonly receiver: string;
  /** The sender's name for the group: the same for everything that is told of it. */
  readonly groupKey: string;
  readonly status: 'firing' | 'resolved';
  readonly title: string;
  readonly url: string | null;
  readonly alerts: readonly Alert[];
  /** Alerts of the group that the sender, or a limit of ours, left out. */
  readonly truncated: number;
}

/** What an alert is about. */
export const Aim = z.strictObject({ service: z.string(), environment: z.string() });
export type Aim = z.infer<typeof Aim>;
