import { describe, expect, it } from 'vitest';
import { metricProblems } from '#adapters/prometheus/index.ts';
import { lintMetric } from '#adapters/prometheus/lint.ts';
import { PrometheusMetrics } from '#adapters/prometheus/options.ts';
import { Metric } from '#core/analysis/metric.ts';

const url = 'https://prometheus.example.com';
const plain = PrometheusMetrics.parse({ url });

function metric(type: string, query: object, more: object = {}): Metric {
  return Metric.parse({ name: 'asked', type, query, ...more });
}

describe('options', () => {
  it.each([
    [{ url: 'ftp://x' }],
    [{ url: 'https://user:pass@x' }],
    [{ url: 'https://x/?token=1' }],
    [{ url, headers: { Authorization: 'Bearer x' } }],
    [{ url, headers: { cookie: 'x' } }],
    [{ url, headers: { 'X-A': 'a\r\nX-B: b' } }],
    [{ url, auth: { kind: 'basic', user: 'a:b' } }],
    [{ url, surprise: true }],
  ])('refuses %j', (options) => {
    expect(PrometheusMetrics.safeParse(options).success).toBe(false);
  });
});

describe('a query', () => {
  const problems: readonly (readonly [string, Metric, RegExp | null])[] = [
    ['a template', metric('ratio', { template: 'http' }), null],
    ['an unknown template', metric('ratio', { template: 'htp' }), /one of http, opentelemetry/],
    ['a template without a value', metric('ratio', { template: 'istio' }), /no \{\{namespace\}\}/],
    ['a latency without a unit', metric('latency', { template: 'http' }), /unit to milliseconds/],
    ['a latency', metric('latency', { template: 'http' }, { unit: 'seconds' }), null],
    ['the wrong form', metric('ratio', { value: 'x' }), /\{ bad: PROMQL, total: PROMQL \}/],
    ['no form', metric('histogram', {}), /\{ buckets: PROMQL \}/],
    ['an own value that is not there', metric('gauge', { value: 'x{a="{{b}}"}' }), /no \{\{b\}\}/],
    ['a label that is none', metric('ratio', { template: 'http', where: { 'a-b': '1' } }), /where/],
    [
      'what Argo left',
      metric('gauge', { provider: 'prometheus', query: 'up{j="{{args.job}}"}' }),
      /no \{\{args\.job\}\}/,
    ],
    ['what Argo left, filled in', metric('gauge', { provider: 'prometheus', query: 'up' }), null],
  ];

  it.each(problems)('%s', (_, asked, problem) => {
    const found = metricProblems(plain, asked);
    if (problem === null) expect(found).toEqual([]);
    else expect(found.join('\n')).toMatch(problem);
  });

  it('is looked at for each target', () => {
    const own = PrometheusMetrics.parse({ url, targets: { eu: { values: { zone: 'eu-1' } } } });
    const asked = metric('gauge', { value: 'x{zone={{zone}}}' });
    expect(metricProblems(own, asked).join()).toMatch(/no \{\{zone\}\}/);
    const everywhere = PrometheusMetrics.parse({
      url,
      values: { zone: 'none' },
      targets: own.targets,
    });
    expect(metricProblems(everywhere, asked)).toEqual([]);
  });

  it('may not use values that take the name of something, or hold what is not known', () => {
    const wrong = PrometheusMetrics.parse({ url, values: { side: 'x', a: '{{b}}' } });
    expect(metricProblems(wrong, metric('ratio', { template: 'http' }))).toEqual([
      'The value side has a name that is taken.',
      'The value a holds {{b}}, which is not known.',
    ]);
  });

  it.each([
    [metric('ratio', { bad: 'rate(x{s={{side}}}[1m])', total: 'rate(x[1m])' }), /asks for rates/],
    [metric('gauge', { value: 'up' }), /both sides are asked the same/],
    [metric('gauge', { value: 'x{s={{side}}}', window: '5m' }), /set memory/],
  ])('is remarked on', (asked, remark) => {
    expect(lintMetric(plain, asked).join()).toMatch(remark);
  });
});
