import { Reading, type Sample } from '#core/analysis/reading.ts';
import { Fault } from '#core/fault.ts';
import type { Clock } from '#ports/clock.ts';
import type { MetricQuestion, MetricsSource } from '#ports/metrics-source.ts';
import type { HostClient } from './host-client.ts';
import { lintMetric } from './templates.ts';

const coarseMs = 100;

/** What the host measured. It uses this machine's clock; answers are in the time of `clock`. */
export function createSandboxMetrics(host: HostClient, clock: Clock): MetricsSource {
  async function ask(question: MetricQuestion): Promise<Reading> {
    // In coarse steps, so that asking twice looks at the same window.
    const ahead = Math.round((clock.now() - Date.now()) / coarseMs) * coarseMs;
    const { metric, target, side, artifact, from, to, stepSeconds } = question;
    const window = { from: from - ahead, to: to - ahead };
    const asked = { metric, target, side, artifact, stepSeconds, ...window };
    const reading = await host.ask({ method: 'read', question: asked }, Reading);
    return { ...reading, samples: reading.samples.map((sample) => later(sample, ahead)) };
  }

  return {
    async read(question) {
      try {
        return await ask(question);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        return { class: 'provider_error', samples: [], query: '', notes: [error.message] };
      }
    },
    lint: lintMetric,
  };
}

function later(sample: Sample, byMs: number): Sample {
  return { ...sample, at: sample.at + byMs };
}
