import { z } from 'zod';
import { ask } from './ask.ts';
import type { GrafanaOnCall, OpsgenieOnCall, PagerDutyOnCall } from './options.ts';

/** The names of those who are on call in a schedule now. */
export type AskSchedule = (schedule: string) => Promise<readonly string[]>;

const OnCalls = z.object({
  oncalls: z.array(
    z.object({
      user: z.object({ summary: z.string() }),
      escalation_level: z.number().default(1),
    }),
  ),
});

/** PagerDuty: the first escalation level of the schedule. */
export function pagerDutySchedule(
  { url }: z.infer<typeof PagerDutyOnCall>,
  token: string,
): AskSchedule {
  const headers = {
    accept: 'application/vnd.pagerduty+json;version=2',
    authorization: `Token token=${token}`,
  };
  return async (schedule) => {
    const query = new URLSearchParams({ 'schedule_ids[]': schedule, earliest: 'true' });
    const { oncalls } = await ask(`${root(url)}/oncalls?${query}`, headers, OnCalls);
    const first = Math.min(...oncalls.map(({ escalation_level: level }) => level));
    const now = oncalls.filter(({ escalation_level: level }) => level === first);
    return unique(now.map(({ user }) => user.summary));
  };
}

const Recipients = z.object({
  data: z.object({ onCallRecipients: z.array(z.string()).default([]) }),
});

/** Opsgenie: the recipients of the schedule, as it names them (mail addresses). */
export function opsgenieSchedule(
  { url }: z.infer<typeof OpsgenieOnCall>,
  token: string,
): AskSchedule {
  const headers = { authorization: `GenieKey ${token}` };
  return async (schedule) => {
    const path = `/v2/schedules/${encodeURIComponent(schedule)}/on-calls?flat=true`;
    const { data } = await ask(`${root(url)}${path}`, headers, Recipients);
    return unique(data.onCallRecipients);
  };
}

const Schedule = z.object({ on_call_now: z.array(z.string()).nullish() });
const User = z.object({ username: z.string(), name: z.string().nullish() });

/** Grafana OnCall: the schedule names users by id, whose names are asked for one by one. */
export function grafanaSchedule(
  { url }: z.infer<typeof GrafanaOnCall>,
  token: string,
): AskSchedule {
  const api = `${root(url)}/api/v1`;
  const headers = { authorization: token };
  return async (schedule) => {
    const at = `${api}/schedules/${encodeURIComponent(schedule)}/`;
    const ids = (await ask(at, headers, Schedule)).on_call_now ?? [];
    const users = await Promise.all(
      ids.slice(0, 10).map((id) => ask(`${api}/users/${encodeURIComponent(id)}/`, headers, User)),
    );
    return unique(users.map(({ name, username }) => name ?? username));
  };
}

function root(url: string): string {
  return url.replace(/\/+$/, '');
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
