import type { Grant } from '#core/people.ts';
import { type Problem, problem } from '#core/settings/problem.ts';
import type { Settings } from '#core/settings/settings.ts';
import type { Directory } from '#ports/directory.ts';

/**
 * Asks the platforms whether the channels and groups behind the roles may give rights: public,
 * shared, archived and missing ones grant nothing. For the start, for a reload and for the doctor;
 * each decision asks again, so an answer here switches nothing on.
 */
export async function checkRoleSources(
  settings: Settings,
  directory: (platform: string) => Directory | undefined,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const [role, { from }] of Object.entries(settings.roles)) {
    for (const [index, grant] of from.entries()) {
      const because = await whyUnusable(grant, directory);
      if (because === null) continue;
      problems.push(problem(['roles', role, 'from', index], grant, `a usable source: ${because}`));
    }
  }
  return problems;
}

async function whyUnusable(
  grant: Grant,
  directory: (platform: string) => Directory | undefined,
): Promise<string | null> {
  if (grant.kind === 'people') return null;
  const asked = directory(grant.platform);
  if (asked === undefined) return `the platform ${grant.platform} is not configured.`;
  const { usable, because } = await asked.validateGrant(grant);
  return usable ? null : because;
}
