import { Fault } from '#core/fault.ts';
import { type Api, kinds } from './api.ts';
import { besideBody, stableBody } from './bodies.ts';
import { annotations, trafficGate } from './names.ts';
import type { Write } from './next-write.ts';
import type { Pod } from './objects.ts';
import type { Place } from './place.ts';
import { marksOf, type Recorded } from './recorded.ts';
import { selects, splitRule } from './weight.ts';

/**
 * Makes one write. Every write names uid and resource version of what was seen, so that it fails
 * when somebody was quicker.
 * @throws Fault `target.*`
 */
export async function carryOut(
  api: Api,
  place: Place,
  recorded: Recorded,
  write: Write,
  now: number,
): Promise<void> {
  const { names } = place;
  switch (write.kind) {
    case 'stable':
      return api.apply(
        kinds.deployment,
        names.deployment,
        stableBody(place, recorded, write.artifact, write.copies ?? ownedCopies(place)),
        `Changing ${names.deployment}`,
      );
    case 'candidate':
      return api.apply(
        kinds.deployment,
        names.candidate,
        besideBody(place, recorded, 'candidate', write.artifact, write.copies),
        `Bringing up ${names.candidate}`,
      );
    case 'scale-candidate':
      return scale(api, place, recorded, write.copies);
    case 'remove-candidate':
      return remove(api, place.candidate);
    case 'baseline':
      return api.apply(
        kinds.deployment,
        names.baseline,
        besideBody(place, recorded, 'baseline', write.artifact, write.copies),
        `Bringing up ${names.baseline}`,
      );
    case 'remove-baseline':
      return remove(api, place.baseline);
    case 'gates':
      for (const pod of write.shut) await setGate(api, pod, false, now);
      for (const pod of write.open) await setGate(api, pod, true, now);
      return;
    case 'weight':
      return names.settings.traffic.kind === 'gateway'
        ? writeRoute(api, place, recorded, write.weight, now)
        : writeSelector(api, place, recorded, write.weight, now);
  }
}

/** What we own of the size must be said again with every apply: left out, it would be taken back. */
export function ownedCopies({ anchor }: Place): number | null {
  const own = anchor.metadata.managedFields.find(
    ({ manager, operation }) => manager === 'signalbox' && operation === 'Apply',
  );
  const isOurs = JSON.stringify(own?.fieldsV1 ?? {}).includes('"f:replicas"');
  return isOurs ? anchor.spec.replicas : null;
}

async function scale(api: Api, place: Place, recorded: Recorded, copies: number): Promise<void> {
  const { candidate, names } = place;
  if (candidate === null) return;
  const { uid, resourceVersion } = candidate.metadata;
  const metadata = { uid, resourceVersion, annotations: marksOf(recorded) };
  const body = { metadata, spec: { replicas: copies } };
  await api.merge(kinds.deployment, names.candidate, body, `Scaling ${names.candidate}`);
}

async function remove(api: Api, object: Place['candidate']): Promise<void> {
  if (object === null || object.metadata.deletionTimestamp !== undefined) return;
  const { name, uid } = object.metadata;
  await api.remove(kinds.deployment, name, uid, `Removing ${name}`);
}

async function setGate(api: Api, pod: Pod, isOpen: boolean, now: number): Promise<void> {
  const { name, uid } = pod.metadata;
  const condition = {
    type: trafficGate,
    status: isOpen ? 'True' : 'False',
    reason: isOpen ? 'LetIn' : 'KeptOut',
    message: '',
    lastTransitionTime: new Date(now).toISOString(),
  };
  // Conditions merge by their type: the kubelet's own stay as they are.
  await api.strategic(
    kinds.pod,
    name,
    { metadata: { uid }, status: { conditions: [condition] } },
    `Letting traffic ${isOpen ? 'into' : 'out of'} ${name}`,
    'status',
  );
}

/**
 * The two weights of one rule, found by the names of its backends. The lists around them have one
 * owner each (`x-kubernetes-list-type: atomic`), so server-side apply would take them whole: a JSON
 * patch with tests touches the two numbers alone.
 */
async function writeRoute(
  api: Api,
  place: Place,
  recorded: Recorded,
  weight: number,
  now: number,
): Promise<void> {
  const { route, names } = place;
  const rule = splitRule(place);
  if (route === null || rule === null) {
    throw new Fault(
      'target.rejected',
      `The HTTPRoute ${names.route ?? ''} has no single rule with the backends ${names.stableService ?? ''} and ${names.candidateService ?? ''}.`,
      { retryable: false },
    );
  }
  const backends = `/spec/rules/${rule.rule}/backendRefs`;
  await api.edit(
    kinds.httpRoute,
    route.metadata.name,
    [
      ...asSeen(route.metadata),
      { op: 'test', path: `${backends}/${rule.stable}/name`, value: names.stableService },
      { op: 'test', path: `${backends}/${rule.candidate}/name`, value: names.candidateService },
      { op: 'add', path: `${backends}/${rule.stable}/weight`, value: 100 - weight },
      { op: 'add', path: `${backends}/${rule.candidate}/weight`, value: weight },
      ...annotated(recorded, weight, now),
    ],
    `Setting weights of ${route.metadata.name}`,
  );
}

async function writeSelector(
  api: Api,
  place: Place,
  recorded: Recorded,
  weight: number,
  now: number,
): Promise<void> {
  const { stableService: service, candidateService, anchor } = place;
  if (service === null || candidateService === null) return;
  if (weight !== 0 && weight !== 100) {
    throw new Fault('target.rejected', 'A Service is switched as a whole: 0 or 100 %.', {
      retryable: false,
    });
  }
  const own = anchor.spec.template.metadata.labels;
  const labels = weight === 100 ? { ...own, ...candidateService.spec.selector } : own;
  const selector = Object.fromEntries(
    Object.keys(service.spec.selector).map((key) => [key, labels[key] ?? '']),
  );
  if (!selects(place, 'stable') && !selects(place, 'candidate')) {
    throw new Fault(
      'target.conflict',
      `The Service ${service.metadata.name} selects neither stable nor the candidate.`,
      { retryable: false },
    );
  }
  await api.edit(
    kinds.service,
    service.metadata.name,
    [
      ...asSeen(service.metadata),
      { op: 'test', path: '/spec/selector', value: service.spec.selector },
      { op: 'replace', path: '/spec/selector', value: selector },
      ...annotated(recorded, weight, now),
    ],
    `Switching ${service.metadata.name}`,
  );
}

function asSeen({
  uid,
  resourceVersion,
}: {
  readonly uid: string;
  readonly resourceVersion: string;
}) {
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
  ];
}

function annotated(recorded: Recorded, weight: number, now: number) {
  const marks = {
    ...marksOf(recorded),
    [annotations.weight]: String(weight),
    [annotations.shifted]: String(Math.round(now)),
  };
  return Object.entries(marks).map(([key, value]) => ({
    op: 'add',
    path: `/metadata/annotations/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    value,
  }));
}
