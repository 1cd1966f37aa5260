import { soundSettings } from './imagined.ts';

/** Paths with `/` between the names, to what stands there instead. */
export type Spoil = Readonly<Record<string, unknown>>;

/** Replaces members by their path; `undefined` removes one. */
export function spoilt(changes: Spoil): unknown {
  const settings: unknown = structuredClone(soundSettings());
  for (const [path, value] of Object.entries(changes)) put(settings, path.split('/'), value);
  return settings;
}

function put(holder: unknown, [part = '', ...rest]: readonly string[], value: unknown): void {
  if (typeof holder !== 'object' || holder === null) throw new Error(`nothing holds ${part}`);
  if (rest.length > 0) put(Reflect.get(holder, part), rest, value);
  else if (value === undefined) Reflect.deleteProperty(holder, part);
  else Reflect.set(holder, part, value);
}
