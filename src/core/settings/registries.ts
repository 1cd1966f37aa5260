import type { z } from 'zod';
import type { Gate } from '#core/gate.ts';
import type { Strategy } from '#core/strategy.ts';

/** By adapter name: the schema of the options that the settings may hand it. */
export type OptionSchemas = Readonly<Record<string, z.ZodType>>;

/** Everything that settings may name and hand options to. */
export interface Registries {
  readonly gates: readonly Pick<Gate, 'name' | 'summary' | 'options'>[];
  readonly strategies: readonly Pick<Strategy, 'name' | 'summary' | 'options'>[];
  readonly targets: OptionSchemas;
  readonly registries: OptionSchemas;
  readonly metrics: OptionSchemas;
  readonly platforms: OptionSchemas;
}
