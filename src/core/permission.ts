import { z } from 'zod';

/** What a role may do. A command requires exactly one of these. */
export const Permission = z.enum([
  'view',
  'deploy',
  'approve',
  'advance',
  'abort',
  'rollback',
  'lock',
  'unlock-others',
  'freeze',
  'break-glass',
  'review',
  'link',
]);
export type Permission = z.infer<typeof Permission>;
