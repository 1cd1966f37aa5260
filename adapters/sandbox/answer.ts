import type { Reading, Sample } from '#core/analysis/reading.ts';
import type { MetricQuestion } from '#ports/metrics-source.ts';
import type { Recorder } from './recorder.ts';
import { queryOf, sampleOf } from './templates.ts';

/** Answers a question from what was recorded. The same record and question give the same answer. */
export function answer(
  recorder: Pick<Recorder, 'tracks' | 'scrapedAt'>,
  question: MetricQuestion,
): Reading {
  const { metric, side, artifact, from, to } = question;
  const query = queryOf(metric);
  if (typeof query === 'string') return without('provider_error', '', query);
  const text = `${query.template} of ${side} ${artifact.version}, seen by ${query.seenBy}`;
  const track = recorder.tracks.find((it) => it.side === side && it.digest === artifact.digest);
  const points = track?.points.filter((point) => point.from >= from && point.at <= to) ?? [];
  const steps = completeSteps(recorder.scrapedAt, question);
  if (steps.length === 0) return without('too_few', text, 'No step of the window is complete yet.');
  if (points.length === 0) {
    return without('no_series', text, `${artifact.version} did not run as ${side} in the window.`);
  }
  const samples: Sample[] = [];
  for (const end of steps) {
    const inStep = points.filter(({ at }) => at > end - question.stepSeconds * 1000 && at <= end);
    if (inStep.length === 0) continue;
    const sample = sampleOf(query, metric.unit, inStep, end, question.stepSeconds);
    if (sample !== null) samples.push(sample);
  }
  if (query.template !== 'memory' && points.every((point) => point[query.seenBy].total === 0)) {
    return without('no_traffic', text, `${side} received no requests in the window.`);
  }
  return samples.length === 0
    ? without('too_few', text, 'No step of the window has a value.')
    : { class: 'ok', samples, query: text, notes: [] };
}

/**
 * Ends of the steps that were wholly watched. What a scrape saw belongs to the step in which the
 * scrape ended; one that began before the window is left out.
 */
function completeSteps(
  scrapedAt: readonly number[],
  { from, to, stepSeconds }: MetricQuestion,
): readonly number[] {
  const stepMs = stepSeconds * 1000;
  const oldest = scrapedAt[0] ?? Number.POSITIVE_INFINITY;
  const newest = scrapedAt.at(-1) ?? 0;
  const ends: number[] = [];
  for (let end = from + stepMs; end <= Math.min(to, newest); end += stepMs) {
    if (end - stepMs >= oldest) ends.push(end);
  }
  return ends;
}

function without(kind: Exclude<Reading['class'], 'ok'>, query: string, note: string): Reading {
  return { class: kind, samples: [], query, notes: [note] };
}
