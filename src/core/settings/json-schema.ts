import { z } from 'zod';
import type { OptionSchemas, Registries } from './registries.ts';
import { Settings } from './settings.ts';

type Json = z.infer<ReturnType<typeof z.json>>;
const JsonObject = z.record(z.string(), z.json());
type JsonObject = z.infer<typeof JsonObject>;

/**
 * The JSON Schema (draft 2020-12) of the settings file, for editors: `Settings` with the options of
 * each gate, strategy and adapter spelled out where it is named.
 */
export function settingsJsonSchema(registries: Registries): JsonObject {
  const schema = jsonSchemaOf(Settings);
  const gates = choices('gate', named(registries.gates), ['gate']);
  const spelled: Readonly<Record<string, Json>> = {
    strategies: choices('kind', named(registries.strategies), ['kind']),
    targets: choices('adapter', registries.targets, ['adapter']),
    registries: choices('adapter', registries.registries, ['adapter']),
    metrics: choices('adapter', registries.metrics, ['adapter']),
    marks: choices('adapter', registries.marks ?? {}, ['adapter']),
  };
  const properties = object(schema['properties']);
  for (const [section, alternatives] of Object.entries(spelled)) {
    properties[section] = { ...object(properties[section]), additionalProperties: alternatives };
  }
  properties['platforms'] = platforms(object(properties['platforms']), registries.platforms);
  properties['environments'] = withGates(object(properties['environments']), gates);
  const onCall = choices('adapter', registries.onCall ?? {}, ['adapter', 'options']);
  properties['alerts'] = withMember(object(properties['alerts']), 'onCall', onCall);
  const anchor = choices('adapter', registries.anchors ?? {}, ['adapter', 'options']);
  properties['audit'] = withMember(object(properties['audit']), 'registry', anchor);
  return { title: 'Signalbox settings', ...schema, properties };
}

function withMember(section: JsonObject, name: string, member: Json): JsonObject {
  const members = object(section['properties']);
  return { ...section, properties: { ...members, [name]: member } };
}

function withGates(environments: JsonObject, gates: Json): JsonObject {
  const environment = object(environments['additionalProperties']);
  const members = object(environment['properties']);
  const spelled = { ...members, gates: { ...object(members['gates']), items: gates } };
  return { ...environments, additionalProperties: { ...environment, properties: spelled } };
}

function platforms(section: JsonObject, known: OptionSchemas): JsonObject {
  const properties = Object.entries(known).map(([name, options]): [string, Json] => [
    name,
    {
      type: 'object',
      properties: { options: jsonSchemaOf(options) },
      additionalProperties: false,
    },
  ]);
  return { ...section, properties: Object.fromEntries(properties), additionalProperties: false };
}

/** One alternative per name, each with its own options. */
function choices(member: string, known: OptionSchemas, required: readonly string[]): Json {
  const anyOf = Object.entries(known).map(
    ([name, options]): Json => ({
      type: 'object',
      properties: { [member]: { type: 'string', const: name }, options: jsonSchemaOf(options) },
      required: [...required],
      additionalProperties: false,
    }),
  );
  return anyOf.length === 0 ? { not: {} } : { anyOf };
}

function named(list: Registries['gates']): OptionSchemas {
  return Object.fromEntries(
    list.map(({ name, summary, options }) => [name, options.describe(summary)]),
  );
}

function jsonSchemaOf(schema: z.ZodType): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', reused: 'inline' });
  return JsonObject.parse(JSON.parse(JSON.stringify(rest)));
}

function object(value: Json | undefined): JsonObject {
  return JsonObject.catch({}).parse(value);
}
