import { z } from 'zod';

/** Facts about the settings in force: the one stream `system:settings`. */
export const SettingsEvent = z.strictObject({
  kind: z.literal('settings.changed'),
  /** Hex SHA-256 of the canonical settings; null before the first. */
  from: z.string().nullable(),
  to: z.string(),
  /** Where they were read. */
  file: z.string(),
});
export type SettingsEvent = z.infer<typeof SettingsEvent>;

/** The stream of settings. */
export const settingsStream = 'system:settings';
