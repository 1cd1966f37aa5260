import type { PlannedGate } from '#core/plan.ts';
import type { EnvironmentSettings, ServiceSettings } from './settings.ts';

/** One place as the settings describe it, overrides applied. */
export interface PlaceSettings {
  readonly service: string;
  readonly environment: string;
  readonly serviceSettings: ServiceSettings;
  readonly environmentSettings: EnvironmentSettings;
  readonly waves: readonly (readonly string[])[];
  readonly strategy: string;
  readonly analysis: string | null;
  readonly gates: readonly PlannedGate[];
}
