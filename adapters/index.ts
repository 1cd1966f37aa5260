import type { Registries } from '#core/settings/registries.ts';
import { ConsoleOptions } from './console/options.ts';

/** What the settings may name, and the schema by which each adapter reads its options. */
export const adapterOptions: Omit<Registries, 'gates' | 'strategies'> = {
  targets: {},
  registries: {},
  metrics: {},
  platforms: { console: ConsoleOptions },
};
