import { z } from 'zod';
import type { DiscordRest } from './rest.ts';

/** What Discord says about the application that the token belongs to. */
export const OwnApplication = z.object({
  id: z.string(),
  flags: z.number().default(0),
  verify_key: z.string().default(''),
  interactions_endpoint_url: z.string().nullish(),
});
export type OwnApplication = z.infer<typeof OwnApplication>;

/** @throws what the SDK throws */
export async function readOwnApplication(rest: DiscordRest): Promise<OwnApplication> {
  const asked = { method: 'GET', path: '/applications/@me', patienceMs: 2_000 } as const;
  return OwnApplication.parse(await rest.ask(asked));
}

/** The id of our application, asked once. @throws what the SDK throws; the next call asks again */
export function createOwnId(rest: DiscordRest): () => Promise<string> {
  let known: Promise<string> | null = null;
  return async () => {
    known ??= readOwnApplication(rest).then(({ id }) => id);
    try {
      return await known;
    } catch (error) {
      known = null;
      throw error;
    }
  };
}
