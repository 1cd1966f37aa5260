import { z } from 'zod';

const Id = z.int().min(0).max(0x7fff_ffff).optional();
const CustomId = z.string().min(1).max(100);
const Button = z.strictObject({
  type: z.literal(2),
  id: Id,
  style: z.int().min(1).max(4),
  label: z.string().min(1).max(80),
  custom_id: CustomId,
  disabled: z.boolean().optional(),
});
const Row = z.strictObject({
  type: z.literal(1),
  id: Id,
  components: z.array(Button).min(1).max(5),
});
const Text = z.strictObject({ type: z.literal(10), id: Id, content: z.string().min(1).max(4_000) });
const Separator = z.strictObject({
  type: z.literal(14),
  id: Id,
  divider: z.boolean().optional(),
  spacing: z.union([z.literal(1), z.literal(2)]).optional(),
});
const Gallery = z.strictObject({
  type: z.literal(12),
  id: Id,
  items: z
    .array(
      z.strictObject({
        media: z.strictObject({ url: z.string().min(1).max(2_048) }),
        description: z.string().max(1_024).optional(),
      }),
    )
    .min(1)
    .max(10),
});
const Container = z.strictObject({
  type: z.literal(17),
  id: Id,
  accent_color: z.int().min(0).max(0xffffff).optional(),
  components: z.array(z.discriminatedUnion('type', [Row, Text, Separator, Gallery])).min(1),
});
const Top = z.discriminatedUnion('type', [Row, Text, Separator, Gallery, Container]);

const Attachments = z
  .array(
    z.strictObject({
      id: z.union([z.string(), z.int()]),
      filename: z.string().max(1_024).optional(),
      description: z.string().max(1_024).optional(),
    }),
  )
  .max(10);

/** A message with components v2; everything else is refused. */
export const MessageBody = z
  .strictObject({
    flags: z.int(),
    components: z.array(Top).min(1),
    allowed_mentions: z
      .strictObject({ parse: z.array(z.enum(['users', 'roles', 'everyone'])) })
      .optional(),
    attachments: Attachments.default([]),
    nonce: z.union([z.string().max(25), z.int()]).optional(),
    enforce_nonce: z.boolean().optional(),
  })
  .superRefine((body, context) => {
    const say = (message: string) => context.addIssue({ code: 'custom', message });
    if ((body.flags & 32_768) === 0) say('components of this kind need IS_COMPONENTS_V2');
    const all = flatten(body.components);
    if (all.length > 40) say(`${all.length} components, at most 40`);
    const length = all.reduce((sum, one) => sum + (one.type === 10 ? one.content.length : 0), 0);
    if (length > 4_000) say(`${length} characters of text, at most 4000`);
    const customIds = all.flatMap((one) => (one.type === 2 ? [one.custom_id] : []));
    if (new Set(customIds).size !== customIds.length) say('custom_id is not unique');
    const ids = all.flatMap(({ id }) => (id === undefined || id === 0 ? [] : [id]));
    if (new Set(ids).size !== ids.length) say('component id is not unique');
  });
export type MessageBody = z.infer<typeof MessageBody>;

type Any = z.infer<typeof Top> | z.infer<typeof Button>;

function flatten(components: readonly Any[]): readonly Any[] {
  return components.flatMap((one): readonly Any[] =>
    one.type === 17 || one.type === 1 ? [one, ...flatten(one.components)] : [one],
  );
}

/** The file names that galleries of a message ask for. */
export function wantedFiles(components: readonly z.infer<typeof Top>[]): readonly string[] {
  return flatten(components).flatMap((one) =>
    one.type === 12 ? one.items.map(({ media }) => media.url.replace('attachment://', '')) : [],
  );
}

const TextInput = z.strictObject({
  type: z.literal(4),
  custom_id: CustomId,
  style: z.union([z.literal(1), z.literal(2)]),
  required: z.boolean().optional(),
  max_length: z.int().min(1).max(4_000).optional(),
  min_length: z.int().min(0).max(4_000).optional(),
});
const Select = z.strictObject({
  type: z.literal(3),
  custom_id: CustomId,
  required: z.boolean().optional(),
  options: z
    .array(
      z.strictObject({
        label: z.string().min(1).max(100),
        value: z.string().min(1).max(100),
        description: z.string().min(1).max(100).optional(),
      }),
    )
    .min(1)
    .max(25)
    .refine((options) => new Set(options.map(({ value }) => value)).size === options.length),
});

export const Modal = z.strictObject({
  custom_id: CustomId,
  title: z.string().min(1).max(45),
  components: z
    .array(
      z.strictObject({
        type: z.literal(18),
        label: z.string().min(1).max(45),
        description: z.string().max(100).optional(),
        component: z.discriminatedUnion('type', [TextInput, Select]),
      }),
    )
    .min(1)
    .max(5),
});

const Name = z
  .string()
  .regex(/^[-_\p{L}\p{N}]{1,32}$/u)
  .refine((name) => name === name.toLowerCase());
const Option = z.strictObject({
  type: z.union([z.literal(3), z.literal(4), z.literal(5), z.literal(6), z.literal(10)]),
  name: Name,
  description: z.string().min(1).max(100),
  required: z.boolean().optional(),
  autocomplete: z.boolean().optional(),
  max_length: z.int().min(1).max(6_000).optional(),
});
const Options = z
  .array(Option)
  .max(25)
  .default([])
  .refine((options) => {
    const needs = options.map(({ required }) => required === true);
    return needs.lastIndexOf(true) < (needs.includes(false) ? needs.indexOf(false) : needs.length);
  }, 'required options come first');
const Subcommand = z.strictObject({
  type: z.literal(1),
  name: Name,
  description: z.string().min(1).max(100),
  options: Options,
});
const Group = z.strictObject({
  type: z.literal(2),
  name: Name,
  description: z.string().min(1).max(100),
  options: z.array(Subcommand).min(1).max(25),
});

const OnMessages = z.strictObject({
  type: z.literal(3),
  name: z.string().min(1).max(32),
  contexts: z.array(z.int().min(0).max(2)).optional(),
  integration_types: z.array(z.int().min(0).max(1)).optional(),
});

export const Commands = z
  .array(
    OnMessages.or(
      z
        .strictObject({
          type: z.literal(1),
          name: Name,
          description: z.string().min(1).max(100),
          contexts: z.array(z.int().min(0).max(2)).optional(),
          integration_types: z.array(z.int().min(0).max(1)).optional(),
          default_member_permissions: z.string().nullable().optional(),
          options: z.array(z.discriminatedUnion('type', [Subcommand, Group])).max(25),
        })
        .refine((command) => size(command) <= 8_000, 'more than 8000 characters'),
    ),
  )
  .max(100);

/** Names, descriptions and values of a command together. */
function size(one: { name: string; description: string; options?: readonly unknown[] }): number {
  const Sized = z.object({
    name: z.string(),
    description: z.string(),
    options: z.array(z.unknown()).optional(),
  });
  return (
    one.name.length +
    one.description.length +
    (one.options ?? []).reduce<number>((sum, option) => {
      const { options, ...rest } = Sized.parse(option);
      return sum + size(options === undefined ? rest : { ...rest, options });
    }, 0)
  );
}
