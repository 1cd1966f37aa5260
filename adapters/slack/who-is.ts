import { z } from 'zod';
import type { Membership } from '#core/people.ts';
import type { Installation } from './installations.ts';
import type { Ask } from './reads.ts';

const User = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string().optional(),
    deleted: z.boolean().default(false),
    is_bot: z.boolean().default(false),
    is_workflow_bot: z.boolean().default(false),
    is_restricted: z.boolean().default(false),
    is_ultra_restricted: z.boolean().default(false),
    is_stranger: z.boolean().default(false),
    enterprise_user: z.object({ enterprise_id: z.string().optional() }).optional(),
  }),
});
type User = z.infer<typeof User>['user'];

/** Slackbot is no bot by its flag. */
const slackbot = 'USLACKBOT';

/** Why the account as such never counts, null when it may. @throws what the SDK throws */
export async function whyExcluded(
  ask: Ask,
  installation: Installation,
  user: string,
): Promise<Membership['because']> {
  const asked = User.parse(await ask('users.info', { user }));
  return exclusionOf(asked.user, installation);
}

function exclusionOf(user: User, installation: Installation): Membership['because'] {
  if (user.deleted) return 'inactive';
  if (user.is_bot || user.is_workflow_bot || user.id === slackbot) return 'bot';
  // Members of another company in a shared channel are no strangers by the flag: ids are compared.
  if (user.is_stranger || !isOwn(user, installation)) return 'external';
  return user.is_restricted || user.is_ultra_restricted ? 'guest' : null;
}

/** Somebody of this workspace, or of this organisation where the app is installed in all of it. */
function isOwn(user: User, { team, enterprise }: Installation): boolean {
  const organisation = user.enterprise_user?.enterprise_id;
  if (enterprise !== null && organisation !== undefined) return organisation === enterprise;
  return team !== null && user.team_id === team;
}
