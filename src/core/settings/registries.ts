import type { z } from 'zod';
import type { Metric } from '#core/analysis/metric.ts';
import type { Gate } from '#core/gate.ts';
import type { Strategy } from '#core/strategy.ts';

/** By adapter name: the schema of the options that the settings may hand it. */
export type OptionSchemas = Readonly<Record<string, z.ZodType>>;

/** What keeps a metric from being asked of a source with these options, one sentence each. */
export type MetricCheck = (options: unknown, metric: Metric) => readonly string[];

/** By channel that can grant a role: how many people can be in it at most. */
export type ChannelMembers = (options: unknown) => ReadonlyMap<string, number>;

/** Everything that settings may name and hand options to. */
export interface Registries {
  readonly gates: readonly Pick<Gate, 'name' | 'summary' | 'options'>[];
  readonly strategies: readonly Pick<Strategy, 'name' | 'summary' | 'options'>[];
  readonly targets: OptionSchemas;
  readonly registries: OptionSchemas;
  readonly metrics: OptionSchemas;
  readonly marks?: OptionSchemas;
  readonly onCall?: OptionSchemas;
  readonly anchors?: OptionSchemas;
  readonly hosts?: OptionSchemas;
  /** By adapter name; an adapter without one leaves queries to its first question. */
  readonly metricChecks?: Readonly<Record<string, MetricCheck>>;
  readonly platforms: OptionSchemas;
  /** By platform, where its options say it all; elsewhere the platform itself is asked at the start. */
  readonly channelMembers?: Readonly<Record<string, ChannelMembers>>;
}
