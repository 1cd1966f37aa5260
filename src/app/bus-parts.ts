import type { Authority } from './authority.ts';
import type { Command } from './command.ts';
import type { Rollouts } from './rollouts.ts';
import type { World } from './world.ts';

/** What the command bus is made of. */
export interface BusParts {
  readonly world: World;
  readonly rollouts: Rollouts;
  readonly authority: Authority;
  /** The commands by name. */
  readonly catalogue: ReadonlyMap<string, Command>;
}
