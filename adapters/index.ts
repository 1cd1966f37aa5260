import type { Registries } from '#core/settings/registries.ts';
import { ConsoleOptions, grantingChannels } from './console/options.ts';
import { DiscordOptions } from './discord/options.ts';
import { GitHost } from './git/options.ts';
import { GitHubHost } from './github/options.ts';
import { GitLabHost } from './gitlab/options.ts';
import { GrafanaMarks } from './grafana/options.ts';
import { KubernetesTarget } from './kubernetes/options.ts';
import { OciAnchor, OciRegistry } from './oci/options.ts';
import {
  ChannelOnCall,
  GrafanaOnCall,
  OpsgenieOnCall,
  PagerDutyOnCall,
} from './on-call/options.ts';
import { metricProblems } from './prometheus/lint.ts';
import { PrometheusMetrics } from './prometheus/options.ts';
import { SandboxMetrics, SandboxRegistry, SandboxTarget } from './sandbox/options.ts';
import { SlackOptions } from './slack/options.ts';

/** What the settings may name, and the schema by which each adapter reads its options. */
export const adapterOptions: Omit<Registries, 'gates' | 'strategies'> = {
  targets: { sandbox: SandboxTarget, kubernetes: KubernetesTarget },
  registries: { oci: OciRegistry, sandbox: SandboxRegistry },
  metrics: { prometheus: PrometheusMetrics, sandbox: SandboxMetrics },
  marks: { grafana: GrafanaMarks },
  onCall: {
    pagerduty: PagerDutyOnCall,
    opsgenie: OpsgenieOnCall,
    grafana: GrafanaOnCall,
    channel: ChannelOnCall,
  },
  anchors: { oci: OciAnchor },
  hosts: { git: GitHost, github: GitHubHost, gitlab: GitLabHost },
  metricChecks: {
    prometheus(options, metric) {
      const read = PrometheusMetrics.safeParse(options);
      return read.success ? metricProblems(read.data, metric) : [];
    },
  },
  platforms: { console: ConsoleOptions, discord: DiscordOptions, slack: SlackOptions },
  channelMembers: { console: grantingChannels },
};
