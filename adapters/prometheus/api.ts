import { z } from 'zod';
import { Fault } from '#core/fault.ts';
import type { Answer, Transport } from './transport.ts';

/** One series of an answer; times in epoch milliseconds, rising. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly { readonly at: number; readonly value: number }[];
  /** Native histograms; buckets by rising bounds. */
  readonly histograms: readonly { readonly at: number; readonly buckets: readonly Bucket[] }[];
}

/** A bucket of a native histogram and how many values it holds. */
export interface Bucket {
  readonly upper: number;
  readonly count: number;
}

export interface Answered {
  readonly series: readonly Series[];
  /** Warnings and remarks of the server, as it says them. */
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/** The two queries of the HTTP API (v1). */
export interface PrometheusApi {
  /**
   * @param promql - evaluated at `from`, then each `stepSeconds` until `to`, both included
   * @throws Fault `metrics.unavailable` and `metrics.invalid`, with what the server said
   */
  range(url: string, promql: string, window: RangeWindow): Promise<Answered>;
  /** The same, evaluated once. */
  instant(url: string, promql: string, at: number): Promise<Answered>;
  /** The rules of alerts with a name. Same faults. */
  alertRules(url: string, name: string): Promise<readonly AlertRule[]>;
  /** How far the server's clock is ahead of `now`, in milliseconds; null when it says no time. */
  clockAhead(url: string, now: () => number): Promise<number | null>;
}

/** A rule by which the server raises an alert. */
export interface AlertRule {
  readonly name: string;
  readonly query: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Epoch milliseconds. */
export interface RangeWindow {
  readonly from: number;
  readonly to: number;
  readonly stepSeconds: number;
}

const Point = z.tuple([z.number(), z.string()]);
const NativeHistogram = z.tuple([
  z.number(),
  z.object({
    buckets: z.array(z.tuple([z.number(), z.string(), z.string(), z.string()])).default([]),
  }),
]);
const Labels = z.record(z.string(), z.string()).default({});

const Data = z.discriminatedUnion('resultType', [
  z.object({
    resultType: z.literal('matrix'),
    result: z.array(
      z.object({
        metric: Labels,
        values: z.array(Point).default([]),
        histograms: z.array(NativeHistogram).default([]),
      }),
    ),
  }),
  z.object({
    resultType: z.literal('vector'),
    result: z.array(
      z.object({
        metric: Labels,
        value: Point.optional(),
        histogram: NativeHistogram.optional(),
      }),
    ),
  }),
  z.object({ resultType: z.literal('scalar'), result: Point }),
  z.object({ resultType: z.literal('string'), result: Point }),
]);

const Remarks = z.array(z.string()).nullish();
const Success = z.object({
  status: z.literal('success'),
  data: Data,
  warnings: Remarks,
  infos: Remarks,
});
const Rules = z.object({
  status: z.literal('success'),
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            type: z.string(),
            name: z.string(),
            query: z.string(),
            labels: Labels,
          }),
        ),
      }),
    ),
  }),
});
const Failure = z.object({ errorType: z.string().default(''), error: z.string() });

/** The API over a transport; `params` go with every query. */
export function createApi(
  transport: Transport,
  params: Readonly<Record<string, string>>,
  timeoutSeconds: number,
): PrometheusApi {
  async function ask(url: string, path: string, form: Readonly<Record<string, string>>) {
    const all = { ...params, ...form, timeout: `${timeoutSeconds}s` };
    return read(await transport.post(`${url.replace(/\/+$/, '')}/api/v1/${path}`, all));
  }

  return {
    range: (url, query, { from, to, stepSeconds }) =>
      ask(url, 'query_range', {
        query,
        start: seconds(from),
        end: seconds(to),
        step: String(stepSeconds),
      }),
    instant: (url, query, at) => ask(url, 'query', { query, time: seconds(at) }),
    async alertRules(url, name) {
      // Servers that do not know the second filter send all: they are few.
      const asked = new URLSearchParams({ ...params, type: 'alert', 'rule_name[]': name });
      const answer = await transport.get(`${url.replace(/\/+$/, '')}/api/v1/rules?${asked}`);
      const json = parsed(answer.body);
      if (answer.status !== 200) throw refused(answer.status, json);
      const read = Rules.safeParse(json);
      if (!read.success) throw unknownAnswer();
      const rules = read.data.data.groups.flatMap((group) => group.rules);
      return rules.filter((rule) => rule.type === 'alerting' && rule.name === name);
    },
    async clockAhead(url, now) {
      const before = now();
      const path = `${url.replace(/\/+$/, '')}/api/v1/query`;
      const answer = await transport.post(path, { ...params, query: 'time()' });
      const { series } = read(answer);
      const theirs = series[0]?.points[0]?.value;
      return theirs === undefined ? null : theirs * 1000 - (before + now()) / 2;
    },
  };
}

function read(answer: Answer): Answered {
  const json = parsed(answer.body);
  if (answer.status !== 200) throw refused(answer.status, json);
  const success = Success.safeParse(json);
  if (!success.success) throw unknownAnswer();
  const { data, warnings, infos } = success.data;
  return { series: seriesOf(data), warnings: few(warnings), infos: few(infos) };
}

function refused(status: number, json: unknown): Fault {
  const said = Failure.safeParse(json);
  const words = said.success ? `: ${said.data.errorType} ${said.data.error}` : '';
  const code = status === 400 || status === 422 ? 'invalid' : 'unavailable';
  return new Fault(`metrics.${code}`, shortened(`it answers ${status}${words}`), {
    retryable: code === 'unavailable',
  });
}

function unknownAnswer(): Fault {
  return new Fault('metrics.invalid', 'its answer is not one of the Prometheus API', {
    retryable: true,
  });
}

function seriesOf(data: z.infer<typeof Data>): readonly Series[] {
  switch (data.resultType) {
    case 'matrix':
      return data.result.map(({ metric, values, histograms }) => ({
        labels: metric,
        points: values.map(pointOf),
        histograms: histograms.map(histogramOf),
      }));
    case 'vector':
      return data.result.map(({ metric, value, histogram }) => ({
        labels: metric,
        points: value === undefined ? [] : [pointOf(value)],
        histograms: histogram === undefined ? [] : [histogramOf(histogram)],
      }));
    case 'scalar':
      return [{ labels: {}, points: [pointOf(data.result)], histograms: [] }];
    case 'string':
      return [];
  }
}

function pointOf([at, text]: z.infer<typeof Point>) {
  return { at: Math.round(at * 1000), value: numberOf(text) };
}

function histogramOf([at, { buckets }]: z.infer<typeof NativeHistogram>) {
  const read = buckets.map(([, , upper, count]) => ({
    upper: numberOf(upper),
    count: numberOf(count),
  }));
  return { at: Math.round(at * 1000), buckets: read };
}

function numberOf(text: string): number {
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return text === '' ? Number.NaN : Number(text);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function few(remarks: readonly string[] | null | undefined): readonly string[] {
  return (remarks ?? []).slice(0, 5).map(shortened);
}

function shortened(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 299)}…`;
}

/** Epoch milliseconds as the API takes times. */
function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
