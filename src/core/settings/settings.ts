import { z } from 'zod';
import { Analysis } from '#core/analysis/metric.ts';
import { Duration } from '#core/duration.ts';
import { namePattern } from '#core/ids.ts';
import { Account, Grant } from '#core/people.ts';
import { Permission } from '#core/permission.ts';

const Name = z
  .string()
  .regex(namePattern, 'expected lower-case letters, digits and inner hyphens, at most 63');
const Named = <T extends z.ZodType>(value: T) => z.record(Name, value);
/** Options that an adapter, a gate or a strategy checks with its own schema. */
const Options = z.record(z.string(), z.json()).default({});

/** One chat channel, as each platform knows it. A card goes to every platform named. */
export const Channel = z.strictObject({
  console: z.string().optional(),
  slack: z.strictObject({ tenant: z.string(), channel: z.string() }).optional(),
  discord: z.strictObject({ tenant: z.string(), channel: z.string() }).optional(),
});
export type Channel = z.infer<typeof Channel>;

/** A planned freeze: weekly or dated windows in an IANA zone. Deny wins. */
export const FreezeWindow = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('weekly'),
    zone: z.string(),
    /** Local wall-clock times; a window may cross midnight and the end of the week. */
    from: z.strictObject({
      day: z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']),
      time: z.string().regex(/^\d\d:\d\d$/),
    }),
    until: z.strictObject({
      day: z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']),
      time: z.string().regex(/^\d\d:\d\d$/),
    }),
    reason: z.string(),
    /** What happens to a rollout under way when the window closes. */
    overrun: z.enum(['finish', 'hold']).default('finish'),
  }),
  z.strictObject({
    kind: z.literal('dated'),
    zone: z.string(),
    /** `2026-12-24T18:00` local to the zone. */
    from: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/),
    until: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/),
    reason: z.string(),
    overrun: z.enum(['finish', 'hold']).default('finish'),
  }),
]);
export type FreezeWindow = z.infer<typeof FreezeWindow>;

export const ServiceSettings = z.strictObject({
  description: z.string().default(''),
  /** Name of a registry of `registries`, and the repository within it. */
  registry: Name,
  repository: z.string().default(''),
  /** For people: who to ask, and where the runbook is. */
  owner: z.string().default(''),
  runbook: z.url().optional(),
  /** Services that this one calls: suspects in an alert. */
  dependsOn: z.array(Name).default([]),
  /** Where a release goes when no environment is named; else the first on the path that is not production. */
  defaultEnvironment: Name.optional(),
  /** Environments it runs in, in any order; each names its targets by wave. */
  environments: Named(
    z.strictObject({
      waves: z.array(z.array(Name).min(1)).min(1),
      /** Overrides of the environment's own. */
      strategy: Name.optional(),
      analysis: Name.optional(),
    }),
  ),
});
export type ServiceSettings = z.infer<typeof ServiceSettings>;

export const EnvironmentSettings = z.strictObject({
  /** The environment before this one on the path; absent for the first. */
  after: Name.optional(),
  production: z.boolean().default(false),
  strategy: Name,
  analysis: Name.optional(),
  channel: Name,
  /** Asked in the order of the gate index; `lock` and `hold` are always asked. */
  gates: z.array(z.strictObject({ gate: z.string(), options: Options })).default([]),
  autoRollback: z.boolean().default(true),
  /** Time between the announcement of an automatic rollback and its beginning. */
  rollbackCountdown: Duration.default(10),
  /** Time for one step to make progress before it has failed. */
  deadline: Duration.default(600),
  /** A plan that has not started by then has expired. */
  planExpires: Duration.default(86_400),
});
export type EnvironmentSettings = z.infer<typeof EnvironmentSettings>;

export const RoleSettings = z.strictObject({
  may: z.array(Permission).min(1),
  /** Absent: in every environment. */
  environments: z.array(Name).optional(),
  /** Absent: for every service. */
  services: z.array(Name).optional(),
  /** Membership of any one grant is enough. An empty list means nobody, and is refused at boot. */
  from: z.array(Grant).min(1),
});
export type RoleSettings = z.infer<typeof RoleSettings>;

/** An entry that names an adapter and hands it its options. */
const Adapted = z.strictObject({ adapter: Name, options: Options });

/** The whole settings file, `signalbox.yaml`. Secrets never stand in it. */
export const Settings = z.strictObject({
  version: z.literal(1),
  organisation: z.string().default('Signalbox'),
  /** Base URL of the console as people reach it, for links. */
  publicUrl: z.url().optional(),
  /** Name of the slash command, without the slash. */
  command: Name.default('release'),
  services: Named(ServiceSettings),
  environments: Named(EnvironmentSettings),
  targets: Named(Adapted),
  registries: Named(Adapted),
  metrics: Named(Adapted).default({}),
  strategies: Named(z.strictObject({ kind: z.string(), options: Options })),
  analyses: Named(Analysis).default({}),
  freezes: Named(FreezeWindow).default({}),
  roles: Named(RoleSettings),
  channels: Named(Channel),
  people: Named(
    z.strictObject({
      name: z.string(),
      accounts: z.array(Account).default([]),
    }),
  ).default({}),
  /** Chat platforms and other doors, each with its own options. `console` is always on. */
  platforms: Named(z.strictObject({ options: Options })).default({}),
  access: z
    .strictObject({
      /** How long a membership answer may be reused when a decision is displayed, never when it is made. */
      membershipCache: Duration.default(30),
      approvalExpires: Duration.default(14_400),
      /** Break-glass uses allowed per person and day. */
      breakGlassPerDay: z.number().int().positive().default(2),
    })
    .prefault({}),
});
export type Settings = z.infer<typeof Settings>;
