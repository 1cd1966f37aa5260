import { z } from 'zod';
import type { SettingsPath } from './problem.ts';

/** The part of JSON Schema that says which members may stand where. */
const Node = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
});

/** Names of the members that a JSON Schema knows at a path, alternatives together. */
export function keysAt(schema: unknown, path: SettingsPath): readonly string[] {
  let nodes: readonly unknown[] = [schema];
  for (const part of path) nodes = nodes.flatMap((node) => step(node, part));
  return [
    ...new Set(nodes.flatMap(alternatives).flatMap((node) => Object.keys(node.properties ?? {}))),
  ];
}

function step(schema: unknown, part: string | number): readonly unknown[] {
  return alternatives(schema).flatMap((node) => {
    if (typeof part === 'number') return [node.items];
    return [node.properties?.[part] ?? node.additionalProperties];
  });
}

function alternatives(schema: unknown): readonly z.infer<typeof Node>[] {
  const parsed = Node.safeParse(schema);
  if (!parsed.success) return [];
  const { anyOf = [], oneOf = [] } = parsed.data;
  return [parsed.data, ...[...anyOf, ...oneOf].flatMap(alternatives)];
}
