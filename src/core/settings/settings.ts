import { z } from 'zod';
import { Analysis } from '#core/analysis/metric.ts';
import { isZone } from '#core/calendar.ts';
import { Duration } from '#core/duration-setting.ts';
import { Account, Grant } from '#core/people.ts';
import { Permission } from '#core/permission.ts';
import { AlertSettings } from './alerts.ts';
import { ChangeSettings } from './change-settings.ts';
import { DigestSettings } from './digest.ts';
import { FreezeWindow } from './freeze-window.ts';
import { Name, Named } from './named.ts';
import { ObjectiveSettings } from './objective.ts';
import { ReminderSettings } from './reminders.ts';

export { FreezeWindow } from './freeze-window.ts';

/** Options that an adapter, a gate or a strategy checks with its own schema. */
const Options = z.record(z.string(), z.json()).default({});

/** A name of the IANA time zone database. */
const Zone = z.string().refine(isZone, 'a time zone such as "Europe/Berlin"');

/** An id as a platform gives it: opaque, never a name. */
const Id = z.string().min(1).max(64);

/** One chat channel, as each platform knows it. A card goes to every platform named. */
export const Channel = z.strictObject({
  console: z.string().min(1).max(64).optional().describe('Name of the channel in the console.'),
  slack: z
    .strictObject({ tenant: Id, channel: Id })
    .optional()
    .describe('Slack team (or enterprise) id and channel id.'),
  discord: z
    .strictObject({ tenant: Id, channel: Id })
    .optional()
    .describe('Discord server id and channel id.'),
});
export type Channel = z.infer<typeof Channel>;

/** A job that belongs to every release of a service. How it runs is the target's affair. */
const ServiceJob = z.strictObject({
  name: Name,
  when: z
    .enum(['before', 'after'])
    .describe('Before the new release gets any traffic, or after it has all of it.'),
  direction: z
    .enum(['reversible', 'expand', 'contract', 'one-way'])
    .default('reversible')
    .describe(
      'Releases may go back over `reversible` and `expand` jobs; `contract` and `one-way` ones move the point of no return.',
    ),
});

export const ServiceSettings = z.strictObject({
  description: z.string().default('').describe('One line for people.'),
  registry: Name.describe('Name of an entry of `registries`: where its artifacts come from.'),
  repository: z.string().default('').describe('The repository within the registry.'),
  owner: z.string().default('').describe('Whom to ask.'),
  runbook: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('What to do when it misbehaves.'),
  dependsOn: z
    .array(Name)
    .default([])
    .describe('Services that this one calls: suspects in an alert.'),
  defaultEnvironment: Name.optional().describe(
    'Where a release goes when none is named; else the first on the path that is not production.',
  ),
  changes: ChangeSettings.optional().describe('Where its changes are read from.'),
  jobs: z
    .array(ServiceJob)
    .default([])
    .describe('Migrations and smoke tests that belong to every release, in order.'),
  environments: Named(
    z.strictObject({
      waves: z
        .array(z.array(Name).min(1))
        .min(1)
        .describe('Targets by wave: one wave after the other, the targets of a wave in turn.'),
      strategy: Name.optional().describe('Instead of the strategy of the environment.'),
      analysis: Name.optional().describe('Instead of the analysis of the environment.'),
    }),
  ).describe('Environments it runs in, in any order.'),
});
export type ServiceSettings = z.infer<typeof ServiceSettings>;

export const EnvironmentSettings = z.strictObject({
  after: Name.optional().describe('The environment before this one; absent for the first.'),
  production: z.boolean().default(false).describe('People use it: cards and figures say so.'),
  strategy: Name.describe('Name of an entry of `strategies`.'),
  analysis: Name.optional().describe('Name of an entry of `analyses`; absent: nothing watches.'),
  channel: Name.describe('Name of an entry of `channels`: where its releases are shown.'),
  gates: z
    .array(z.strictObject({ gate: z.string(), options: Options }))
    .default([])
    .describe('Rules to pass before a release starts or goes on. `lock` is always asked.'),
  autoRollback: z.boolean().default(true).describe('Go back without asking when it is worse.'),
  rollbackCountdown: Duration.prefault(10).describe(
    'Time between the announcement of an automatic rollback and its beginning.',
  ),
  deadline: Duration.prefault(600).describe('Time for one step before it has failed.'),
  planExpires: Duration.prefault(86_400).describe('A plan that has not started by then is void.'),
});
export type EnvironmentSettings = z.infer<typeof EnvironmentSettings>;

export const RoleSettings = z.strictObject({
  may: z.array(Permission).min(1).describe('What the role permits.'),
  environments: z.array(Name).optional().describe('Where it counts; absent: everywhere.'),
  services: z.array(Name).optional().describe('For which services; absent: for all.'),
  age: Duration.optional().describe(
    'How long somebody must have been seen in the channel or group before it counts; absent: at once.',
  ),
  from: z
    .array(Grant)
    .min(1)
    .describe('Membership of any one is enough. Nobody holds a role without one.'),
});
export type RoleSettings = z.infer<typeof RoleSettings>;

const PersonSettings = z.strictObject({
  name: z.string().min(1).max(200).describe('For people to read; never compared.'),
  accounts: z.array(Account).default([]).describe('Accounts that stand for this person, by id.'),
});

/** An entry that names an adapter and hands it its options. */
const Adapted = z.strictObject({
  adapter: Name.describe('The technology.'),
  options: Options.describe('Checked by the adapter.'),
});

const AccessSettings = z.strictObject({
  membershipCache: Duration.prefault(30).describe(
    'How long a membership answer may be shown again; a decision always asks anew.',
  ),
  approvalExpires: Duration.prefault(14_400).describe(
    'How long an approval counts, unless its gate says otherwise.',
  ),
  breakGlassPerDay: z
    .number()
    .int()
    .positive()
    .max(100)
    .default(2)
    .describe('Break-glass uses allowed per person and day (UTC).'),
});

const AuditSettings = z.strictObject({
  checkpointFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Where the newest signed checkpoint is kept, from the data folder; best on another volume. Read at the start.',
    ),
  channel: Name.optional().describe(
    'Name of an entry of `channels`: signed checkpoints are posted there, at most one an hour.',
  ),
  registry: z
    .strictObject({
      adapter: Name.describe('The technology: `oci`.'),
      options: Options.default({}).describe('Checked by the adapter.'),
    })
    .optional()
    .describe(
      'Every signed checkpoint is pushed there, and the newest compared with the database at the start and every hour. Read at the start.',
    ),
});

const FigureSettings = z.strictObject({
  zone: Zone.default('UTC').describe('IANA time zone in which days and weeks are counted.'),
  hotfix: Duration.prefault(86_400).describe(
    'A hotfix this soon after a release counts that release as failed.',
  ),
});

/** The whole settings file, `signalbox.yaml`. Secrets never stand in it. */
export const Settings = z.strictObject({
  version: z.literal(1).describe('Version of this format.'),
  organisation: z.string().default('Signalbox').describe('Shown in titles.'),
  publicUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Base URL of the console as people reach it, for links.'),
  command: Name.default('release').describe('Name of the slash command, without the slash.'),
  services: Named(ServiceSettings).describe('What is released.'),
  environments: Named(EnvironmentSettings).describe('Stages on the way to production.'),
  targets: Named(Adapted).describe('Places that a release lands on.'),
  registries: Named(Adapted).describe('Where artifacts come from.'),
  metrics: Named(Adapted).prefault({}).describe('Where measurements come from.'),
  hosts: Named(Adapted).prefault({}).describe('Git hosts: where changes are read from.'),
  marks: Named(Adapted).prefault({}).describe('Where releases are marked beside measurements.'),
  strategies: Named(z.strictObject({ kind: z.string(), options: Options })).describe(
    'How a release goes out.',
  ),
  analyses: Named(Analysis).prefault({}).describe('Which metrics judge a release.'),
  objectives: Named(ObjectiveSettings)
    .prefault({})
    .describe('Service level objectives, for the gate `error-budget`.'),
  freezes: Named(FreezeWindow).prefault({}).describe('Planned times when nothing starts.'),
  roles: Named(RoleSettings).describe('Who may do what, and how that is known.'),
  channels: Named(Channel).describe('Where people read and write.'),
  people: Named(PersonSettings).prefault({}).describe('People with accounts on many platforms.'),
  platforms: Named(z.strictObject({ options: Options }))
    .prefault({})
    .describe('Chat platforms and other doors. The console is always on.'),
  access: AccessSettings.prefault({}).describe('Limits of authority.'),
  figures: FigureSettings.prefault({}).describe('How the figures are counted.'),
  digests: Named(DigestSettings)
    .prefault({})
    .describe('Digests that are posted by themselves; `/release digest` works without.'),
  reminders: ReminderSettings.prefault({}).describe('When people are reminded of what waits.'),
  alerts: AlertSettings.optional().describe(
    'Which alerts come in and what they mean for releases; absent: none do.',
  ),
  audit: AuditSettings.prefault({}).describe('Where the history is anchored.'),
});
export type Settings = z.infer<typeof Settings>;
