import type { RolloutState } from '#core/rollout/state.ts';
import type { memoryWorld } from '../memory-world.ts';

/** Deploys a version to production, approved, and lets it run until it has ended. */
export async function releaseThrough(
  world: ReturnType<typeof memoryWorld>,
  version: string,
): Promise<RolloutState> {
  const asked = await world.deploy(version);
  if (!asked.ok) throw new Error(asked.refusal.message);
  await world.drive(2);
  await world.approve(asked.value.id);
  await world.drive(200);
  return world.read(asked.value.id);
}
