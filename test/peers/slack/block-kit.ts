import { z } from 'zod';

/** Block Kit within its documented limits; unknown keys and types are refused. */
const blockId = z.string().min(1).max(255).optional();
const plain = (most: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(most),
    emoji: z.boolean().optional(),
  });
const mrkdwn = (most: number) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(most),
    verbatim: z.boolean().optional(),
  });
const textObject = (most: number) => z.union([plain(most), mrkdwn(most)]);

const style = z
  .strictObject({
    bold: z.boolean().optional(),
    italic: z.boolean().optional(),
    strike: z.boolean().optional(),
    code: z.boolean().optional(),
  })
  .optional();
const richElement = z.union([
  z.strictObject({ type: z.literal('text'), text: z.string().min(1), style }),
  z.strictObject({
    type: z.literal('link'),
    url: z.url().max(3000),
    text: z.string().min(1).optional(),
    style,
  }),
  z.strictObject({ type: z.literal('user'), user_id: z.string(), style }),
  z.strictObject({ type: z.literal('broadcast'), range: z.string(), style }),
  z.strictObject({
    type: z.literal('usergroup'),
    usergroup_id: z.string().regex(/^S[A-Z0-9]+$/),
    style,
  }),
  z.strictObject({
    type: z.literal('date'),
    timestamp: z.int(),
    format: z.string().regex(/^(?:\{(?:ago|time_secs|time|date_num|date|date_short)\}| )+$/),
    fallback: z.string().min(1).optional(),
    style,
  }),
]);
const richText = z.strictObject({
  type: z.literal('rich_text'),
  block_id: blockId,
  elements: z
    .array(
      z.strictObject({
        type: z.enum(['rich_text_section', 'rich_text_preformatted', 'rich_text_quote']),
        elements: z.array(richElement).min(1),
      }),
    )
    .min(1),
});

const confirm = z.strictObject({
  title: plain(100),
  text: textObject(300),
  confirm: plain(30),
  deny: plain(30),
  style: z.enum(['primary', 'danger']).optional(),
});
const actionId = z.string().min(1).max(255);
const option = z.strictObject({ text: plain(75), value: z.string().min(1).max(150) });
const button = z.strictObject({
  type: z.literal('button'),
  action_id: actionId,
  text: plain(75),
  value: z.string().max(2000).optional(),
  url: z.url().max(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: confirm.optional(),
});
const select = z.strictObject({
  type: z.literal('external_select'),
  action_id: actionId,
  min_query_length: z.int().optional(),
  placeholder: plain(150).optional(),
  initial_option: option.optional(),
});
const input = z.strictObject({
  type: z.literal('input'),
  block_id: blockId,
  label: plain(2000),
  hint: plain(2000).optional(),
  optional: z.boolean().optional(),
  element: z.union([
    z.strictObject({
      type: z.literal('plain_text_input'),
      action_id: actionId,
      multiline: z.boolean().optional(),
      max_length: z.int().max(3000).optional(),
      initial_value: z.string().optional(),
      placeholder: plain(150).optional(),
    }),
    select,
  ]),
});

const label = z.string().min(1).max(20);
const series = z.strictObject({
  name: label,
  data: z
    .array(z.strictObject({ label, value: z.number() }))
    .min(1)
    .max(20),
});
const chart = z
  .strictObject({
    type: z.literal('data_visualization'),
    block_id: blockId,
    title: z.string().min(1).max(50),
    chart: z.strictObject({
      type: z.enum(['line', 'bar', 'area']),
      axis_config: z.strictObject({
        categories: z.array(label).min(1).max(20),
        x_label: z.string().max(50).optional(),
        y_label: z.string().max(50).optional(),
      }),
      series: z.array(series).min(1).max(6),
    }),
  })
  .refine(({ chart: { axis_config, series: all } }) => {
    const names = new Set(all.map(({ name }) => name));
    const { categories } = axis_config;
    const same = all.every(
      ({ data }) =>
        data.every((point, index) => point.label === categories[index]) &&
        data.length === categories.length,
    );
    return names.size === all.length && same && new Set(categories).size === categories.length;
  });

const cell = z.union([
  z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) }),
  richText,
]);
const table = z
  .strictObject({
    type: z.literal('table'),
    block_id: blockId,
    rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
    column_settings: z
      .array(
        z.strictObject({
          align: z.enum(['left', 'center', 'right']).optional(),
          is_wrapped: z.boolean().optional(),
        }),
      )
      .max(20)
      .optional(),
  })
  .refine((given) => JSON.stringify(given.rows).length <= 10_000);

const image = z
  .strictObject({
    type: z.literal('image'),
    block_id: blockId,
    alt_text: z.string().min(1).max(2000),
    title: plain(2000).optional(),
    slack_file: z.strictObject({ id: z.string().min(1) }).optional(),
    image_url: z.url().max(3000).optional(),
  })
  .refine(({ slack_file, image_url }) => (slack_file === undefined) !== (image_url === undefined));

const everywhere = [
  image,
  z.strictObject({ type: z.literal('header'), block_id: blockId, text: plain(150) }),
  z.strictObject({ type: z.literal('divider'), block_id: blockId }),
  z.strictObject({
    type: z.literal('context'),
    block_id: blockId,
    elements: z.array(textObject(3000)).min(1).max(10),
  }),
  z
    .strictObject({
      type: z.literal('section'),
      block_id: blockId,
      text: textObject(3000).optional(),
      fields: z.array(textObject(2000)).min(1).max(10).optional(),
      accessory: button.optional(),
    })
    .refine(({ text, fields }) => text !== undefined || fields !== undefined),
  z.strictObject({
    type: z.literal('actions'),
    block_id: blockId,
    elements: z
      .array(z.union([button, select]))
      .min(1)
      .max(25),
  }),
  richText,
] as const;

const uniqueActions = (blocks: readonly unknown[]): boolean => {
  const ids = [...JSON.stringify(blocks).matchAll(/"action_id":"((?:[^"\\]|\\.)*)"/g)];
  return new Set(ids.map(([, id]) => id)).size === ids.length;
};
const count = (blocks: readonly { readonly type: string }[], type: string): number =>
  blocks.filter((block) => block.type === type).length;

const messageBlocks = z
  .array(z.union([...everywhere, table, chart]))
  .max(50)
  .refine(uniqueActions)
  .refine((blocks) => count(blocks, 'table') <= 1 && count(blocks, 'data_visualization') <= 2)
  .refine((blocks) => JSON.stringify(blocks).length <= 40_000);

const viewBlocks = z
  .array(z.union([...everywhere, input]))
  .max(100)
  .refine(uniqueActions);
const view = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('modal'),
    callback_id: z.string().max(255).optional(),
    title: plain(24),
    submit: plain(24).optional(),
    close: plain(24).optional(),
    private_metadata: z.string().max(3000).optional(),
    blocks: viewBlocks,
  }),
  z.strictObject({
    type: z.literal('home'),
    callback_id: z.string().max(255).optional(),
    private_metadata: z.string().max(3000).optional(),
    blocks: viewBlocks,
  }),
]);

/** The first reason why Slack would refuse the blocks of a message; null when it takes them. */
export function whyBadBlocks(blocks: unknown): string | null {
  const read = messageBlocks.safeParse(blocks);
  return read.success ? null : JSON.stringify(read.error.issues).slice(0, 600);
}

/** The same for a modal or App Home. */
export function whyBadView(given: unknown): string | null {
  if (JSON.stringify(given).length > 250_000) return 'view_too_large';
  const read = view.safeParse(given);
  return read.success ? null : JSON.stringify(read.error.issues).slice(0, 600);
}
