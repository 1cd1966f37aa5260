import { collectionPath, type Kind, kinds } from './api.ts';
import { labels } from './names.ts';
import type { PlaceNames } from './place.ts';
import type { Transport } from './transport.ts';
import { type Change, startWatch, type Watch } from './watch.ts';

/** Notices what changes at places: one watch per kind and namespace, however many services. */
export interface Observing {
  /** Calls back when an object of the place may have changed. */
  observe(target: string, names: PlaceNames, onChange: () => void): void;
  close(): Promise<void>;
}

interface Listener {
  readonly names: PlaceNames;
  readonly onChange: () => void;
}

/** `open` gives the connection of a target; null where it has none. */
export function createObserving(options: {
  readonly open: (
    target: string,
  ) => { readonly transport: Transport; readonly namespace: string } | null;
  readonly jitter: () => number;
}): Observing {
  const listeners = new Map<string, Listener[]>();
  const watches = new Map<string, Watch>();

  function watch(target: string, kind: Kind, labelSelector?: string): void {
    const key = `${target}/${kind.plural}`;
    const opened = watches.has(key) ? null : options.open(target);
    if (opened === null) return;
    const tell = (change: Change): void => {
      for (const { names, onChange } of listeners.get(target) ?? []) {
        if (concerns(names, kind, change)) onChange();
      }
    };
    const { transport, namespace } = opened;
    const running = startWatch({
      transport,
      path: collectionPath(kind, namespace),
      ...(labelSelector === undefined ? {} : { labelSelector }),
      onChange: tell,
      jitter: options.jitter,
    });
    watches.set(key, running);
  }

  return {
    observe(target, names, onChange) {
      listeners.set(target, [...(listeners.get(target) ?? []), { names, onChange }]);
      watch(target, kinds.deployment);
      watch(target, kinds.pod, labels.beside);
      if (names.route !== null) watch(target, kinds.httpRoute);
      if (Object.keys(names.settings.jobs).length > 0) watch(target, kinds.job, labels.beside);
    },
    async close() {
      await Promise.all([...watches.values()].map((running) => running.close()));
    },
  };
}

function concerns(names: PlaceNames, kind: Kind, { name, labels: has }: Change): boolean {
  if (kind.plural === kinds.deployment.plural) {
    return [names.deployment, names.candidate, names.baseline].includes(name);
  }
  if (kind.plural === kinds.httpRoute.plural) return name === names.route;
  return has[labels.beside] === names.deployment;
}
