import type { z } from 'zod';
import { type Problem, type SettingsPath, unknownName } from './problem.ts';
import { readIssues } from './read-issues.ts';
import type { OptionSchemas, Registries } from './registries.ts';
import type { Settings } from './settings.ts';

/** Options are checked by the schema of whatever they are for; an unknown name is never a guess. */
export function checkOptions(settings: Settings, registries: Registries): readonly Problem[] {
  return [
    ...Object.entries(settings.environments).flatMap(([environment, { gates }]) =>
      gates.flatMap(({ gate, options }, index) => {
        const at = ['environments', environment, 'gates', index];
        return checkOne([...at, 'gate'], at, 'a gate', gate, options, byName(registries.gates));
      }),
    ),
    ...Object.entries(settings.strategies).flatMap(([name, { kind, options }]) => {
      const at = ['strategies', name];
      const known = byName(registries.strategies);
      return checkOne([...at, 'kind'], at, 'a strategy', kind, options, known);
    }),
    ...checkAdapted('targets', settings.targets, registries.targets),
    ...checkAdapted('registries', settings.registries, registries.registries),
    ...checkAdapted('metrics', settings.metrics, registries.metrics),
    ...checkAdapted('hosts', settings.hosts, registries.hosts ?? {}),
    ...checkAdapted('marks', settings.marks, registries.marks ?? {}),
    ...checkOnCall(settings, registries.onCall ?? {}),
    ...checkAnchor(settings, registries.anchors ?? {}),
    ...Object.entries(settings.platforms).flatMap(([name, { options }]) => {
      const at = ['platforms', name];
      return checkOne(at, at, 'a platform', name, options, registries.platforms);
    }),
  ];
}

function checkOnCall({ alerts }: Settings, known: OptionSchemas): readonly Problem[] {
  if (alerts?.onCall === undefined) return [];
  const at = ['alerts', 'onCall'];
  const { adapter, options } = alerts.onCall;
  return checkOne([...at, 'adapter'], at, 'somebody who knows it', adapter, options, known);
}

function checkAnchor({ audit }: Settings, known: OptionSchemas): readonly Problem[] {
  if (audit.registry === undefined) return [];
  const at = ['audit', 'registry'];
  const { adapter, options } = audit.registry;
  return checkOne([...at, 'adapter'], at, 'a kind of registry', adapter, options, known);
}

function checkAdapted(
  section: 'targets' | 'registries' | 'metrics' | 'marks' | 'hosts',
  entries: Settings['targets'],
  known: OptionSchemas,
): readonly Problem[] {
  return Object.entries(entries).flatMap(([name, { adapter, options }]) => {
    const at = [section, name];
    return checkOne([...at, 'adapter'], at, `an adapter for ${section}`, adapter, options, known);
  });
}

function checkOne(
  namePath: SettingsPath,
  path: SettingsPath,
  what: string,
  name: string,
  options: unknown,
  known: OptionSchemas,
): readonly Problem[] {
  const schema = Object.hasOwn(known, name) ? known[name] : undefined;
  if (schema === undefined) return [unknownName(namePath, name, what, Object.keys(known))];
  const checked = schema.safeParse(options);
  if (checked.success) return [];
  return readIssues(checked.error.issues, options, [...path, 'options']);
}

function byName(
  list: readonly { readonly name: string; readonly options: z.ZodType }[],
): OptionSchemas {
  return Object.fromEntries(list.map(({ name, options }) => [name, options]));
}
