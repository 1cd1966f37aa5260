import type { Analysis, Metric } from '#core/analysis/metric.ts';
import type { Reading } from '#core/analysis/reading.ts';
import { Fault } from '#core/fault.ts';
import type { Artifact } from '#core/release.ts';
import type { Clock } from '#ports/clock.ts';
import type { TargetRef } from '#ports/delivery-target.ts';
import type { MetricsSource } from '#ports/metrics-source.ts';

/** What was asked and what came, for people. */
export interface MetricFinding {
  readonly well: boolean;
  readonly what: string;
  /** What to do, where it is not well. */
  readonly fix: string;
  /** Details, one line each: the query, the newest sample, what the server remarked. */
  readonly details: readonly string[];
}

/** One metric at one place, as a release would ask for it. */
export interface MetricCase {
  readonly analysis: Analysis;
  readonly metric: Metric;
  readonly target: TargetRef;
  readonly artifact: Artifact;
}

const lookedAt = 20;

/** Asks every metric about the last intervals of what runs now, and says what came. */
export async function examineMetrics(
  source: MetricsSource,
  clockAhead: () => Promise<number | null>,
  cases: readonly MetricCase[],
  clock: Clock,
): Promise<readonly MetricFinding[]> {
  const findings = [await clockFinding(clockAhead)];
  for (const one of cases) findings.push(await metricFinding(source, one, clock));
  return findings;
}

async function metricFinding(
  source: MetricsSource,
  { analysis, metric, target, artifact }: MetricCase,
  clock: Clock,
): Promise<MetricFinding> {
  const stepSeconds = analysis.step ?? analysis.every;
  const to = clock.now();
  const from = to - (lookedAt + 1) * stepSeconds * 1000;
  const asked = { metric, target, artifact, side: 'stable' as const, from, to, stepSeconds };
  const reading = await source.read(asked);
  const remarks = source.lint(metric);
  const newest = reading.samples.at(-1);
  return {
    well: reading.class === 'ok' && remarks.length === 0,
    what: `${metric.name} of ${target.service} in ${target.environment}: ${reading.class}, ${reading.samples.length} of ${lookedAt} intervals of ${stepSeconds} s`,
    fix: remarks[0] ?? fixOf(reading, stepSeconds),
    details: [
      ...reading.query.split('\n').filter((line) => line !== ''),
      ...(newest === undefined ? [] : [`newest: ${JSON.stringify(newest)}`]),
      ...reading.notes,
      ...remarks.slice(1),
    ],
  };
}

function fixOf(reading: Reading, stepSeconds: number): string {
  switch (reading.class) {
    case 'ok':
      return '';
    case 'no_traffic':
      return 'The counters stand still. Send requests, or ask the ones that count them.';
    case 'no_series':
      return `Nothing has these labels. Paste the query into Prometheus and take labels away until something comes; and ${stepSeconds} s must hold a scrape.`;
    case 'not_finite':
      return 'Divisions by zero? Give the value a `traffic`, or ask for counts.';
    case 'ambiguous_series':
      return 'Wrap it in sum(…), or name the one series.';
    case 'too_few':
      return 'No interval has settled yet: lower `settle`, or wait.';
    case 'provider_error':
      return 'Look at the address, the credentials and the query.';
  }
}

async function clockFinding(ask: () => Promise<number | null>): Promise<MetricFinding> {
  const what = 'it answers, and its clock agrees with the database';
  try {
    const ahead = await ask();
    const seconds = Math.round((ahead ?? 0) / 1000);
    const well = Math.abs(seconds) <= 2;
    const fix = well ? '' : `Its clock is ${seconds} s ahead: turn on NTP on both machines.`;
    return { well, what, fix, details: [] };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { well: false, what, fix: `Prometheus: ${error.message}.`, details: [] };
  }
}
