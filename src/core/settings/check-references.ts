import { type Problem, problem, type SettingsPath, unknownName } from './problem.ts';
import type { Settings } from './settings.ts';

/** Every name that one part of the settings uses for another must be the name of something. */
export function checkReferences(settings: Settings): readonly Problem[] {
  return [
    ...Object.keys(settings.services).flatMap((name) => checkService(settings, name)),
    ...Object.keys(settings.environments).flatMap((name) => checkEnvironment(settings, name)),
    ...Object.keys(settings.analyses).flatMap((name) => checkAnalysis(settings, name)),
    ...Object.entries(settings.objectives).flatMap(([name, { source }]) =>
      named(['objectives', name, 'source'], source, 'a metrics source', settings.metrics),
    ),
    ...Object.keys(settings.freezes).flatMap((name) => checkFreezeUsed(settings, name)),
    ...Object.keys(settings.roles).flatMap((name) => checkRole(settings, name)),
    ...Object.keys(settings.digests).flatMap((name) => checkDigest(settings, name)),
    ...checkAlerts(settings),
    ...named(['audit', 'channel'], settings.audit.channel, 'a channel', settings.channels),
  ];
}

function checkService(settings: Settings, name: string): readonly Problem[] {
  const service = settings.services[name];
  if (service === undefined) return [];
  const at = ['services', name];
  const problems = [
    ...named([...at, 'registry'], service.registry, 'a registry', settings.registries),
    ...named(
      [...at, 'defaultEnvironment'],
      service.defaultEnvironment,
      'one of its environments',
      service.environments,
    ),
    ...named([...at, 'changes', 'host'], service.changes?.host, 'a Git host', settings.hosts),
    ...service.dependsOn.flatMap((other, index) =>
      named([...at, 'dependsOn', index], other, 'a service', settings.services),
    ),
  ];
  for (const [environment, own] of Object.entries(service.environments)) {
    const here = [...at, 'environments', environment];
    problems.push(
      ...named(here, environment, 'an environment', settings.environments),
      ...named([...here, 'strategy'], own.strategy, 'a strategy', settings.strategies),
      ...named([...here, 'analysis'], own.analysis, 'an analysis', settings.analyses),
      ...own.waves.flatMap((wave, number) =>
        wave.flatMap((target, index) =>
          named([...here, 'waves', number, index], target, 'a target', settings.targets),
        ),
      ),
    );
  }
  return problems;
}

function checkEnvironment(settings: Settings, name: string): readonly Problem[] {
  const environment = settings.environments[name];
  if (environment === undefined) return [];
  const at = ['environments', name];
  return [
    ...named([...at, 'after'], environment.after, 'an environment', settings.environments),
    ...named([...at, 'strategy'], environment.strategy, 'a strategy', settings.strategies),
    ...named([...at, 'analysis'], environment.analysis, 'an analysis', settings.analyses),
    ...named([...at, 'channel'], environment.channel, 'a channel', settings.channels),
    ...environment.gates.flatMap(({ gate, options }, number) =>
      windowsOf(gate, options).flatMap((window, index) => {
        const here = [...at, 'gates', number, 'options', 'windows', index];
        return named(here, window, 'a freeze', settings.freezes);
      }),
    ),
    ...environment.gates.flatMap(({ gate, options }, number) => {
      const { objective } = options;
      if (gate !== 'error-budget' || typeof objective !== 'string') return [];
      const here = [...at, 'gates', number, 'options', 'objective'];
      return named(here, objective, 'an objective', settings.objectives);
    }),
  ];
}

/** Names of the planned windows that a freeze gate asks for. */
function windowsOf(gate: string, options: Readonly<Record<string, unknown>>): readonly string[] {
  const { windows } = options;
  if (gate !== 'freeze' || !Array.isArray(windows)) return [];
  return windows.filter((window) => typeof window === 'string');
}

/** A planned freeze that no gate asks for would freeze nothing. */
function checkFreezeUsed(settings: Settings, name: string): readonly Problem[] {
  const used = Object.values(settings.environments).some(({ gates }) =>
    gates.some(({ gate, options }) => windowsOf(gate, options).includes(name)),
  );
  if (used) return [];
  return [problem(['freezes', name], name, 'a freeze that the `windows` of a freeze gate name')];
}

function checkAnalysis(settings: Settings, name: string): readonly Problem[] {
  const analysis = settings.analyses[name];
  if (analysis === undefined) return [];
  const at = ['analyses', name];
  const ratios = analysis.metrics.filter(({ type }) => type === 'ratio');
  return [
    ...named(
      [...at, 'spend', 'metric'],
      analysis.spend?.metric,
      'one of its metrics of type ratio',
      Object.fromEntries(ratios.map((metric) => [metric.name, metric])),
    ),
    ...named([...at, 'source'], analysis.source, 'a metrics source', settings.metrics),
    ...analysis.metrics.flatMap(({ source }, index) =>
      named([...at, 'metrics', index, 'source'], source, 'a metrics source', settings.metrics),
    ),
  ];
}

function checkAlerts(settings: Settings): readonly Problem[] {
  const { alerts, channels, services, environments, metrics } = settings;
  if (alerts === undefined) return [];
  return [
    ...Object.entries(alerts.bells).flatMap(([name, bell]) => [
      ...named(['alerts', 'bells', name, 'source'], bell.source, 'a metrics source', metrics),
      ...(bell.environments ?? []).flatMap((where, index) =>
        named(
          ['alerts', 'bells', name, 'environments', index],
          where,
          'an environment',
          environments,
        ),
      ),
    ]),
    ...named(['alerts', 'channel'], alerts.channel, 'a channel', channels),
    ...named(['alerts', 'environment'], alerts.environment, 'an environment', environments),
    ...alerts.rules.flatMap(({ service, environment }, index) => {
      const at = ['alerts', 'rules', index];
      const known = Object.hasOwn(services, service) ? services[service]?.environments : undefined;
      return [
        ...named([...at, 'service'], service, 'a service', services),
        ...(known === undefined
          ? []
          : named([...at, 'environment'], environment, 'one of its environments', known)),
      ];
    }),
  ];
}

function checkRole(settings: Settings, name: string): readonly Problem[] {
  const role = settings.roles[name];
  if (role === undefined) return [];
  const at = ['roles', name];
  return [
    ...(role.environments ?? []).flatMap((environment, index) =>
      named([...at, 'environments', index], environment, 'an environment', settings.environments),
    ),
    ...(role.services ?? []).flatMap((service, index) =>
      named([...at, 'services', index], service, 'a service', settings.services),
    ),
    ...role.from.flatMap((grant, number) =>
      grant.kind !== 'people'
        ? []
        : grant.people.flatMap((person, index) =>
            named([...at, 'from', number, 'people', index], person, 'a person', settings.people),
          ),
    ),
  ];
}

function checkDigest(settings: Settings, name: string): readonly Problem[] {
  const digest = settings.digests[name];
  if (digest === undefined) return [];
  const at = ['digests', name];
  return [
    ...named([...at, 'channel'], digest.channel, 'a channel', settings.channels),
    ...(digest.services ?? []).flatMap((service, index) =>
      named([...at, 'services', index], service, 'a service', settings.services),
    ),
    ...(digest.environments ?? []).flatMap((environment, index) =>
      named([...at, 'environments', index], environment, 'an environment', settings.environments),
    ),
  ];
}

function named(
  path: SettingsPath,
  name: string | undefined,
  what: string,
  known: Readonly<Record<string, unknown>>,
): readonly Problem[] {
  if (name === undefined || Object.hasOwn(known, name)) return [];
  return [unknownName(path, name, what, Object.keys(known))];
}
