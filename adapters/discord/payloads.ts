import { z } from 'zod';

/** What Discord sends, as far as it is read here. Everything else in a payload is ignored. */
const Id = z.string().regex(/^\d{1,20}$/);

const Value = z.union([z.string(), z.number(), z.boolean()]);
const Option = z.object({
  name: z.string(),
  value: Value.optional(),
  focused: z.boolean().default(false),
  options: z
    .array(
      z.object({
        name: z.string(),
        value: Value.optional(),
        focused: z.boolean().default(false),
        options: z
          .array(z.object({ name: z.string(), value: Value, focused: z.boolean().default(false) }))
          .optional(),
      }),
    )
    .optional(),
});

const Person = z.object({
  id: Id,
  username: z.string().default(''),
  global_name: z.string().nullish(),
  bot: z.boolean().default(false),
});

/** What was filled in: a text, or what was chosen of a list. */
const Answered = z.object({
  custom_id: z.string(),
  value: z.string().optional(),
  values: z.array(z.string()).optional(),
});

export const InteractionPayload = z.object({
  id: Id,
  application_id: Id,
  type: z.number(),
  token: z.string().min(1),
  guild_id: Id.optional(),
  context: z.number().nullish(),
  authorizing_integration_owners: z.record(z.string(), z.string()).default({}),
  channel: z.object({ id: Id, type: z.number(), parent_id: Id.nullish() }).nullish(),
  member: z.object({ user: Person, pending: z.boolean().default(false) }).nullish(),
  user: Person.nullish(),
  message: z.object({ id: Id, components: z.array(z.unknown()).default([]) }).nullish(),
  data: z
    .object({
      name: z.string().default(''),
      /** Of the command: 1 is typed, 3 is run on a message. */
      type: z.number().default(1),
      target_id: Id.optional(),
      options: z.array(Option).default([]),
      custom_id: z.string().default(''),
      components: z
        .array(z.object({ component: Answered.optional() }))
        .default([])
        .catch([]),
    })
    .default({ name: '', type: 1, options: [], custom_id: '', components: [] }),
});
export type InteractionPayload = z.infer<typeof InteractionPayload>;
