import { z } from 'zod';

/** What Slack sends, as far as it is read here. Everything else in a payload is ignored. */
const Id = z.string().min(1).max(64);
const Team = z.object({ id: Id }).nullish();

export const CommandPayload = z.object({
  command: z.string(),
  text: z.string().default(''),
  team_id: Id.nullish(),
  enterprise_id: Id.nullish(),
  channel_id: Id,
  user_id: Id,
  user_name: z.string().default(''),
  trigger_id: z.string(),
  response_url: z.string().nullish(),
});
export type CommandPayload = z.infer<typeof CommandPayload>;

const Person = z.object({
  id: Id,
  team_id: Id.nullish(),
  username: z.string().nullish(),
  name: z.string().nullish(),
});

const interaction = {
  user: Person,
  team: Team,
  enterprise: Team,
  trigger_id: z.string().default(''),
  response_url: z.string().nullish(),
};

export const ActionPayload = z.object({
  ...interaction,
  type: z.literal('block_actions'),
  channel: z.object({ id: Id }).nullish(),
  message: z.object({ ts: z.string(), thread_ts: z.string().nullish() }).nullish(),
  actions: z
    .array(
      z.object({
        type: z.string(),
        action_id: z.string(),
        value: z.string().nullish(),
        action_ts: z.string().default(''),
        text: z.object({ text: z.string() }).nullish(),
      }),
    )
    .min(1),
});
export type ActionPayload = z.infer<typeof ActionPayload>;

export const ShortcutPayload = z.object({
  ...interaction,
  callback_id: z.string(),
  channel: z.object({ id: Id }),
  message: z.object({ ts: z.string(), thread_ts: z.string().nullish() }),
});

export const SubmissionPayload = z.object({
  ...interaction,
  view: z.object({
    id: z.string(),
    hash: z.string().default(''),
    callback_id: z.string(),
    private_metadata: z.string(),
    state: z.object({
      values: z.record(
        z.string(),
        z.record(
          z.string(),
          z.object({
            value: z.string().nullish(),
            selected_option: z.object({ value: z.string() }).nullish(),
          }),
        ),
      ),
    }),
  }),
});
export type SubmissionPayload = z.infer<typeof SubmissionPayload>;

export const SuggestionPayload = z.object({
  ...interaction,
  action_id: z.string(),
  value: z.string().default(''),
  view: z.object({ private_metadata: z.string() }),
});

export const EventPayload = z.object({
  team_id: Id.nullish(),
  enterprise_id: Id.nullish(),
  event_id: z.string(),
  event: z.looseObject({ type: z.string() }),
});

export const MentionEvent = z.object({
  type: z.literal('app_mention'),
  user: Id.nullish(),
  user_team: Id.nullish(),
  team: Id.nullish(),
  bot_id: z.string().nullish(),
  subtype: z.string().nullish(),
  text: z.string(),
  ts: z.string(),
  thread_ts: z.string().nullish(),
  channel: Id,
});

export const LinkEvent = z.object({
  channel: Id,
  user: Id,
  message_ts: z.string(),
  unfurl_id: z.string().nullish(),
  source: z.string().nullish(),
  links: z.array(z.object({ url: z.string() })).max(50),
});

/** Facts of who came or went: the account concerned, or null for everybody. */
export const MembershipEvent = z.object({
  user: z.union([Id, z.object({ id: Id }).transform(({ id }) => id)]).nullish(),
});
