import { z } from 'zod';
import { Environment, isSecret } from '#core/settings/environment.ts';
import { settingsJsonSchema } from '#core/settings/json-schema.ts';
import type { OptionSchemas, Registries } from '#core/settings/registries.ts';

/** The parts of JSON Schema that the page shows. */
interface Node {
  readonly type?: string | readonly string[] | undefined;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly default?: unknown;
  readonly description?: string | undefined;
  readonly required?: readonly string[] | undefined;
  readonly properties?: Readonly<Record<string, Node>> | undefined;
  readonly additionalProperties?: Node | boolean | undefined;
  readonly items?: Node | undefined;
  readonly anyOf?: readonly Node[] | undefined;
  readonly oneOf?: readonly Node[] | undefined;
}

const Node: z.ZodType<Node> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    default: z.unknown().optional(),
    description: z.string().optional(),
    required: z.array(z.string()).optional(),
    properties: z.record(z.string(), Node).optional(),
    additionalProperties: z.union([z.boolean(), Node]).optional(),
    items: Node.optional(),
    anyOf: z.array(Node).optional(),
    oneOf: z.array(Node).optional(),
  }),
);

/** Writes the reference part of docs/configuration.md from the schemas. */
export function configurationReference(registries: Registries): string {
  const settings = Node.parse(settingsJsonSchema(nothingSpelled));
  const members = Object.entries(settings.properties ?? {}).map(([name, node]) => ({
    name,
    node,
    required: settings.required?.includes(name) ?? false,
  }));
  return [
    '## Environment',
    '',
    'Secrets come from here alone. Each secret may instead be given as `<NAME>_FILE`, the path of a file.',
    'Any other name that begins with `SIGNALBOX_` is refused.',
    '',
    ...environmentTable(),
    '## Settings',
    '',
    'Names (`<name>`) are lower-case letters, digits and inner hyphens. Durations are written `45s`, `30m`,',
    '`1h30m`, `2d` or `PT30M`.',
    '',
    '### General',
    '',
    ...settingTable(
      members.filter(isScalar).flatMap(({ name, node, required }) => rowsOf(name, node, required)),
    ),
    ...members.filter((member) => !isScalar(member)).flatMap(section),
    ...optionSections('Gates', 'gate', named(registries.gates)),
    ...optionSections('Strategies', 'kind', named(registries.strategies)),
    ...optionSections('Targets', 'adapter', registries.targets),
    ...optionSections('Registries', 'adapter', registries.registries),
    ...optionSections('Metrics sources', 'adapter', registries.metrics),
    ...optionSections('Marks', 'adapter', registries.marks ?? {}),
    ...optionSections('Anchors', 'adapter', registries.anchors ?? {}),
    ...optionSections('Platforms', 'platform', registries.platforms),
  ].join('\n');
}

const nothingSpelled: Registries = {
  gates: [],
  strategies: [],
  targets: {},
  registries: {},
  metrics: {},
  platforms: {},
};

interface Member {
  readonly name: string;
  readonly node: Node;
  readonly required: boolean;
}

function isScalar({ node }: Member): boolean {
  return node.type !== 'object';
}

function environmentTable(): readonly string[] {
  const rows = Object.entries(Environment.shape).map(([name, schema]) => {
    const meta = schema.meta();
    const fallback = Environment.parse({})[keyOf(name)];
    const shown = fallback === undefined ? '' : `\`${fallback}\``;
    return [`\`${name}\``, isSecret(name) ? 'secret' : '', shown, meta?.description ?? ''];
  });
  return table(['Variable', '', 'Default', 'Meaning'], rows);
}

function keyOf(name: string): keyof Environment {
  return Environment.keyof().parse(name);
}

function section({ name, node, required }: Member): readonly string[] {
  const rows = rowsOf(name, node, required);
  return [`### \`${name}\``, '', node.description ?? '', '', ...settingTable(rows)];
}

function optionSections(title: string, member: string, known: OptionSchemas): readonly string[] {
  const sections = Object.entries(known).flatMap(([name, schema]) => {
    const node = Node.parse(z.toJSONSchema(schema, { io: 'input', reused: 'inline' }));
    const rows = rowsOf('options', node, false).slice(1);
    return [
      `#### \`${member}: ${name}\``,
      '',
      node.description ?? '',
      '',
      ...(rows.length === 0 ? ['No options.', ''] : settingTable(rows)),
    ];
  });
  return sections.length === 0 ? [] : [`### ${title}`, '', ...sections];
}

function named(list: Registries['gates']): OptionSchemas {
  return Object.fromEntries(
    list.map(({ name, summary, options }) => [name, options.describe(summary)]),
  );
}

type Row = readonly [path: string, form: string, fallback: string, meaning: string];

/** The node itself, then everything in it. */
function rowsOf(path: string, node: Node, required: boolean): readonly Row[] {
  const own: Row = [
    `\`${path}\``,
    form(node),
    required ? 'required' : fallbackOf(node),
    node.description ?? '',
  ];
  return [own, ...membersOf(path, node)];
}

function membersOf(path: string, node: Node): readonly Row[] {
  const rows: Row[] = [];
  for (const [name, member] of Object.entries(node.properties ?? {})) {
    rows.push(...rowsOf(`${path}.${name}`, member, node.required?.includes(name) ?? false));
  }
  if (typeof node.additionalProperties === 'object') {
    rows.push(...membersOf(`${path}.<name>`, node.additionalProperties));
  }
  if (node.items !== undefined) rows.push(...membersOf(`${path}[]`, node.items));
  for (const choice of [...(node.anyOf ?? []), ...(node.oneOf ?? [])]) {
    rows.push(...membersOf(path, choice));
  }
  return rows;
}

function form(node: Node): string {
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``;
  if (node.enum !== undefined) return node.enum.map((one) => `\`${one}\``).join(', ');
  const choices = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  if (choices.length > 0) return [...new Set(choices.map(form))].join(' or ');
  if (node.items !== undefined) return `list of ${form(node.items)}`;
  if (typeof node.additionalProperties === 'object') return 'by name';
  return [node.type ?? 'anything'].flat().join(' or ');
}

function fallbackOf(node: Node): string {
  if (node.default === undefined) return '';
  const text = JSON.stringify(node.default);
  return text.length > 60 ? 'built in' : `\`${text}\``;
}

function settingTable(rows: readonly Row[]): readonly string[] {
  return table(['Setting', 'Form', 'Default', 'Meaning'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}
