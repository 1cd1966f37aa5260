import type { CommandField } from '#core/command.ts';
import type { Gateway } from '#ports/gateway.ts';
import { firingGroups } from './alerts/alert-stream.ts';
import type { BusParts } from './bus-parts.ts';

type Question = Parameters<Gateway['complete']>[0];
type Completion = Awaited<ReturnType<Gateway['complete']>>[number];

/** The most that platforms show. */
const shown = 25;

/**
 * Completions of a field, those that begin with the prefix first. What cannot be asked now gives
 * none: completion is a courtesy, never a failure.
 */
export async function completeField(
  parts: BusParts,
  question: Question,
): Promise<readonly Completion[]> {
  const field = parts.catalogue
    .get(question.command)
    ?.fields.find((one) => one.name === question.field);
  if (field === undefined) return [];
  try {
    return ranked(await candidates(parts, question, field), question.prefix);
  } catch (error) {
    parts.world.log.debug('A completion could not be had', { field: question.field, error });
    return [];
  }
}

async function candidates(
  parts: BusParts,
  { given }: Question,
  field: CommandField,
): Promise<readonly Completion[]> {
  const { world, rollouts } = parts;
  const { settings, lookup } = world.settings();
  const service = given['service'];
  switch (field.kind) {
    case 'service':
      return Object.entries(settings.services).map(([value, { description }]) =>
        completion(value, description),
      );
    case 'environment':
      return (
        service === undefined ? Object.keys(settings.environments) : lookup.path(service)
      ).map((value) => completion(value));
    case 'version': {
      const own = service === undefined ? undefined : settings.services[service];
      if (service === undefined || own === undefined) return [];
      const registry = world.registry(own.registry);
      const artifacts = await registry.list(service, own.repository, 100);
      return artifacts.map(({ version }) => completion(version));
    }
    case 'rollout': {
      const open = await world.store.transact((tx) => rollouts.open(tx));
      return open.map(({ id, artifact, environment }) =>
        completion(id, `${artifact.version} to ${environment}`),
      );
    }
    case 'alert': {
      const firing = await world.store.transact((tx) => firingGroups(tx));
      return firing.map(({ id, title }) => completion(id, title));
    }
    case 'person':
      return Object.entries(settings.people).map(([value, { name }]) => completion(value, name));
    case 'duration':
      return ['15m', '30m', '1h', '2h', '4h', '1d'].map((value) => completion(value));
    default:
      return [];
  }
}

function completion(value: string, description = ''): Completion {
  return { value, label: description === '' ? value : `${value}: ${description}`.slice(0, 100) };
}

function ranked(all: readonly Completion[], prefix: string): readonly Completion[] {
  const wanted = prefix.toLowerCase();
  const begins = all.filter(({ value }) => value.toLowerCase().startsWith(wanted));
  const contains = all.filter(
    ({ value }) => !value.toLowerCase().startsWith(wanted) && value.toLowerCase().includes(wanted),
  );
  return [...begins, ...contains].slice(0, shown);
}
