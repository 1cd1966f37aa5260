import type { z } from 'zod';
import type { Grant } from '#core/people.ts';
import type { Settings } from '#core/settings/settings.ts';
import type { Directory } from '#ports/directory.ts';
import type { Log } from '#ports/log.ts';
import type { OnCall, OnCallAnswer } from '#ports/on-call.ts';
import { ChannelOnCall, GrafanaOnCall, OpsgenieOnCall, PagerDutyOnCall } from './options.ts';
import {
  type AskSchedule,
  grafanaSchedule,
  opsgenieSchedule,
  pagerDutySchedule,
} from './schedules.ts';

export { ChannelOnCall, GrafanaOnCall, OpsgenieOnCall, PagerDutyOnCall };

/** What tells who is on call, by the settings. */
export interface OnCallSetup {
  readonly adapter: string;
  readonly options: unknown;
  readonly token: string | null;
  readonly people: Settings['people'];
  readonly directory: (platform: string) => Directory | undefined;
  readonly log: Log;
}

/** Makes the source that the settings name. An unknown one is a bug: the boot has checked. */
export function createOnCall(setup: OnCallSetup): OnCall {
  const { adapter, options, token } = setup;
  switch (adapter) {
    case 'pagerduty': {
      const read = PagerDutyOnCall.parse(options);
      return bySchedule(setup, 'PagerDuty', read, pagerDutySchedule(read, token ?? ''));
    }
    case 'opsgenie': {
      const read = OpsgenieOnCall.parse(options);
      return bySchedule(setup, 'Opsgenie', read, opsgenieSchedule(read, token ?? ''));
    }
    case 'grafana': {
      const read = GrafanaOnCall.parse(options);
      return bySchedule(setup, 'Grafana OnCall', read, grafanaSchedule(read, token ?? ''));
    }
    case 'channel':
      return byMembership(setup, ChannelOnCall.parse(options));
    default:
      throw new Error(`There is no adapter ${adapter}`);
  }
}

function bySchedule(
  { log }: OnCallSetup,
  source: string,
  options: { readonly schedule: string; readonly services: Readonly<Record<string, string>> },
  asked: AskSchedule,
): OnCall {
  return {
    async who({ service }): Promise<OnCallAnswer> {
      const schedule = options.services[service] ?? options.schedule;
      try {
        const people = await asked(schedule);
        const because = people.length > 0 ? `by ${source}` : `${source} names nobody`;
        return { people, because };
      } catch (error) {
        log.warn('Who is on call could not be asked', { source, error });
        const why = error instanceof Error && error.message.startsWith('it') ? error.message : '';
        return {
          people: [],
          because: `${source} could not be asked${why === '' ? '' : `: ${why}`}`,
        };
      }
    },
  };
}

function byMembership(
  { people, directory }: OnCallSetup,
  { platform, tenant, channel, group }: z.infer<typeof ChannelOnCall>,
): OnCall {
  const grant: Grant =
    channel === undefined
      ? { kind: 'group', platform, tenant, group: group ?? '' }
      : { kind: 'channel', platform, tenant, channel };

  async function answers(source: Directory) {
    return Promise.all(
      Object.values(people).flatMap(({ name, accounts }) => {
        const account = accounts.find((one) => one.platform === platform && one.tenant === tenant);
        if (account === undefined) return [];
        return [source.membership(grant, account, false).then(({ answer }) => ({ name, answer }))];
      }),
    );
  }

  return {
    async who(): Promise<OnCallAnswer> {
      const source = directory(platform);
      const found = source === undefined ? [] : await answers(source);
      const names = found.filter(({ answer }) => answer === 'yes').map(({ name }) => name);
      if (names.length > 0) return { people: names, because: `members on ${platform}` };
      const silent = source === undefined || found.some(({ answer }) => answer === 'unknown');
      const because = silent ? `${platform} could not be asked` : 'nobody is in the group';
      return { people: [], because };
    },
  };
}
