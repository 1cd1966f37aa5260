import { z } from 'zod';
import { Fault } from '#core/fault.ts';
import { type Api, kinds } from './api.ts';
import { Meta, type PodTemplate } from './objects.ts';
import { problem, type SeenProblem } from './problems.ts';

/** A ConfigMap or Secret that a pod needs, with the keys that it names. */
export interface Reference {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  readonly keys: readonly string[];
}

const Optional = z.object({ optional: z.boolean().default(false) });
const KeyOf = Optional.extend({ name: z.string().default(''), key: z.string() });
const AllOf = Optional.extend({ name: z.string().default('') });
const Items = z.array(z.object({ key: z.string() })).default([]);

const Container = z.object({
  env: z
    .array(
      z.object({
        valueFrom: z
          .object({ configMapKeyRef: KeyOf.optional(), secretKeyRef: KeyOf.optional() })
          .optional(),
      }),
    )
    .default([]),
  envFrom: z
    .array(z.object({ configMapRef: AllOf.optional(), secretRef: AllOf.optional() }))
    .default([]),
});

const FromMap = AllOf.extend({ items: Items });
const FromSecret = Optional.extend({
  secretName: z.string().optional(),
  name: z.string().optional(),
  items: Items,
});

const Spec = z.object({
  containers: z.array(Container).default([]),
  initContainers: z.array(Container).default([]),
  volumes: z
    .array(
      z.object({
        configMap: FromMap.optional(),
        secret: FromSecret.optional(),
        projected: z
          .object({
            sources: z
              .array(z.object({ configMap: FromMap.optional(), secret: FromSecret.optional() }))
              .default([]),
          })
          .optional(),
      }),
    )
    .default([]),
});

/** What a pod template needs besides its images; what is optional is left out. */
export function referencesIn(template: PodTemplate): readonly Reference[] {
  const spec = Spec.parse(template.spec);
  const sources = spec.volumes.flatMap((one) => [one, ...(one.projected?.sources ?? [])]);
  return [
    ...[...spec.initContainers, ...spec.containers].flatMap(inContainer),
    ...sources.flatMap(({ configMap, secret }) => [
      ...needed('ConfigMap', configMap, configMap?.name),
      ...needed('Secret', secret, secret?.secretName ?? secret?.name),
    ]),
  ];
}

function inContainer({ env, envFrom }: z.infer<typeof Container>): readonly Reference[] {
  return [
    ...env.flatMap(({ valueFrom }) => [
      ...needed('ConfigMap', valueFrom?.configMapKeyRef, valueFrom?.configMapKeyRef?.name),
      ...needed('Secret', valueFrom?.secretKeyRef, valueFrom?.secretKeyRef?.name),
    ]),
    ...envFrom.flatMap(({ configMapRef, secretRef }) => [
      ...needed('ConfigMap', configMapRef, configMapRef?.name),
      ...needed('Secret', secretRef, secretRef?.name),
    ]),
  ];
}

interface Source {
  readonly optional: boolean;
  readonly key?: string;
  readonly items?: readonly { readonly key: string }[];
}

function needed(
  kind: Reference['kind'],
  source: Source | undefined,
  name: string | undefined,
): readonly Reference[] {
  if (source === undefined || source.optional || name === undefined || name === '') return [];
  const { key, items = [] } = source;
  return [{ kind, name, keys: key === undefined ? items.map((item) => item.key) : [key] }];
}

const Keys = z.object({
  metadata: Meta,
  data: z.record(z.string(), z.unknown()).default({}),
  binaryData: z.record(z.string(), z.unknown()).default({}),
});

/**
 * References that lead nowhere, before any pod says so. Of Secrets only the metadata is asked, and
 * where even that is not permitted the kubelet's word is waited for: keys of Secrets are its affair.
 */
export async function missingReferences(
  api: Api,
  template: PodTemplate,
): Promise<readonly SeenProblem[]> {
  const found: SeenProblem[] = [];
  const told = new Set<string>();
  for (const { kind, name, keys } of referencesIn(template)) {
    const lacking = await lack(api, kind, name, keys);
    const text = lacking === null ? '' : `${kind} ${name}${lacking}`;
    if (lacking !== null && !told.has(text)) found.push(problem('missing_reference', text));
    told.add(text);
  }
  return found;
}

async function lack(
  api: Api,
  kind: Reference['kind'],
  name: string,
  keys: readonly string[],
): Promise<string | null> {
  if (kind === 'Secret') {
    try {
      return (await api.exists(kinds.secret, name)) ? null : ' does not exist';
    } catch (error) {
      if (error instanceof Fault && error.code === 'target.rejected') return null;
      throw error;
    }
  }
  const map = await api.get(kinds.configMap, name, Keys);
  if (map === null) return ' does not exist';
  const missing = keys.filter((key) => !(key in map.data) && !(key in map.binaryData));
  return missing.length === 0 ? null : ` has no key ${missing.join(', ')}`;
}
