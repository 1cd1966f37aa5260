import { digestOf, imageIn } from './artifact-images.ts';
import { annotations, fieldManager } from './names.ts';
import type { Meta } from './objects.ts';
import type { Place } from './place.ts';
import type { Recorded } from './recorded.ts';
import { splitRule, writtenWeight } from './weight.ts';

/** Why the place may not be touched; null when its owner has opened it for this service. */
export function closedBy({ names, anchor, route, stableService }: Place): string | null {
  const allowed = `${names.ref.service}/${names.ref.environment}`;
  const objects = [
    ['Deployment', anchor.metadata],
    ...(route === null ? [] : [['HTTPRoute', route.metadata] as const]),
    ...(names.settings.traffic.kind === 'service' && stableService !== null
      ? [['Service', stableService.metadata] as const]
      : []),
  ] as const;
  for (const [kind, metadata] of objects) {
    const told = metadata.annotations[annotations.allow];
    if (told === allowed) continue;
    return `${kind} ${metadata.name} is not open to releases of ${allowed}: annotate it with ${annotations.allow}=${allowed}.`;
  }
  return null;
}

/** What differs from what was written last, in one sentence; null when nothing does. */
export function driftOf(place: Place): string | null {
  const { recorded, anchor, container, template, names } = place;
  if (recorded === null) return null;
  const { stable, candidate } = recorded.desired;
  if (stable !== null && hasForeignImage(place, recorded)) {
    const who = lastChange(anchor.metadata, '"f:image"');
    return `${names.deployment} runs ${imageIn(anchor.spec.template, container)}, not ${stable.version} (${stable.digest.slice(0, 19)})${who}.`;
  }
  if (candidate === null) return null;
  if (template !== recorded.template) {
    return `The pod template of ${names.deployment} changed during the release${lastChange(anchor.metadata, '"f:template"')}.`;
  }
  return routeDrift(place);
}

/** Whether stable runs an image that neither is wanted nor was written by us. */
export function hasForeignImage({ anchor, container }: Place, { desired }: Recorded): boolean {
  const runs = digestOf(imageIn(anchor.spec.template, container));
  if (desired.stable === null || runs === desired.stable.digest) return false;
  return !ownsImage(anchor.metadata, container);
}

function routeDrift({ route, names }: Place): string | null {
  const rule = splitRule({ route, names });
  if (route === null || rule === null) return null;
  const written = writtenWeight(route);
  const sum = rule.stableWeight + rule.candidateWeight;
  const weight = sum === 0 ? 0 : Math.round((100 * rule.candidateWeight) / sum);
  if (written === null || written === weight) return null;
  return `HTTPRoute ${route.metadata.name} sends ${weight} % to the candidate, not ${written} %${lastChange(route.metadata, '"f:rules"')}.`;
}

/** Whether the image is what we applied: a change by anybody else takes it from us. */
function ownsImage({ managedFields }: Meta, container: string): boolean {
  const own = managedFields.find(
    ({ manager, operation }) => manager === fieldManager && operation === 'Apply',
  );
  const fields = JSON.stringify(own?.fieldsV1 ?? {});
  return fields.includes(`k:{\\"name\\":\\"${container}\\"}`) && fields.includes('"f:image"');
}

function lastChange({ managedFields }: Meta, field: string): string {
  const owners = managedFields
    .filter(({ manager, subresource }) => manager !== fieldManager && subresource === '')
    .filter(({ fieldsV1 }) => JSON.stringify(fieldsV1 ?? {}).includes(field))
    .sort((a, b) => (a.time < b.time ? 1 : -1));
  const [last] = owners;
  return last === undefined ? '' : `; ${last.manager} changed it at ${last.time}`;
}
