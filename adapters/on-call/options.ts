import { z } from 'zod';

const Id = z.string().min(1).max(200);

/** A base URL; the token comes from SIGNALBOX_ON_CALL_TOKEN. */
function base(usual: string) {
  return z
    .url({ protocol: /^https?$/ })
    .refine((text) => new URL(text).username === '' && new URL(text).search === '', {
      message: 'a URL without user and query: the token comes from SIGNALBOX_ON_CALL_TOKEN',
    })
    .default(usual);
}

const byService = z
  .record(z.string(), Id)
  .default({})
  .describe('Other schedules, by the name of the service.');

/** Who is on call by PagerDuty. */
export const PagerDutyOnCall = z.strictObject({
  url: base('https://api.pagerduty.com').describe(
    'The REST API; https://api.eu.pagerduty.com in Europe.',
  ),
  schedule: Id.describe('Id of the schedule.'),
  services: byService,
});

/** Who is on call by Opsgenie. */
export const OpsgenieOnCall = z.strictObject({
  url: base('https://api.opsgenie.com').describe('The API; https://api.eu.opsgenie.com in Europe.'),
  schedule: Id.describe('Id of the schedule.'),
  services: byService,
});

/** Who is on call by Grafana OnCall. */
export const GrafanaOnCall = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .describe('The API of Grafana OnCall, up to what stands before /api/v1.'),
  schedule: Id.describe('Id of the schedule.'),
  services: byService,
});

/** Whoever of the settings’ `people` is in a channel or group is on call. */
export const ChannelOnCall = z
  .strictObject({
    platform: z.string().min(1),
    tenant: z.string().min(1),
    channel: z.string().min(1).optional().describe('Id of the channel.'),
    group: z.string().min(1).optional().describe('Or the id of the group.'),
  })
  .refine(({ channel, group }) => (channel === undefined) !== (group === undefined), {
    message: 'either a channel or a group',
  });
