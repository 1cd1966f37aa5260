import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { importArgo } from '#core/analysis/importers/argo-template.ts';
import { importKayenta } from '#core/analysis/importers/kayenta.ts';
import { judge } from '#core/analysis/index.ts';
import { values } from '../measured.ts';

describe('a Kayenta canary config', () => {
  const config = {
    name: 'checkout',
    applications: ['shop'],
    judge: { name: 'NetflixACAJudge-v1.0', judgeConfigurations: {} },
    metrics: [
      {
        name: 'CPU usage (%)',
        query: { type: 'prometheus', metricName: 'cpu', customFilterTemplate: 't' },
        groups: ['System', 'All'],
        scopeName: 'default',
        analysisConfigurations: {
          canary: {
            direction: 'increase',
            critical: true,
            nanStrategy: 'replace',
            outliers: { strategy: 'remove', outlierFactor: 2 },
            effectSize: { allowedIncrease: 1.2, criticalIncrease: 1.5 },
          },
        },
      },
      { name: 'cpu usage', query: { type: 'prometheus' }, groups: [], analysisConfigurations: {} },
    ],
    classifier: { groupWeights: { System: 60 }, scoreThresholds: { marginal: 50, pass: 75 } },
  };

  test('keeps its metrics, groups and thresholds', () => {
    const imported = importKayenta(config, 'prom');
    if (!imported.ok) throw new Error(imported.refusal.message);
    const { analysis, remarks } = imported.value;
    expect(analysis).toMatchObject({
      source: 'prom',
      profile: 'netflix-aca',
      score: { pass: 75, marginal: 50, groups: { System: 60 } },
    });
    expect(analysis.metrics.map(({ name }) => name)).toEqual(['cpu-usage', 'cpu-usage-2']);
    expect(analysis.metrics[0]).toMatchObject({
      critical: true,
      query: { type: 'prometheus', metricName: 'cpu', customFilterTemplate: 't' },
      aca: {
        direction: 'increase',
        nanStrategy: 'replace',
        groups: ['System', 'All'],
        outliers: { strategy: 'remove', outlierFactor: 2 },
        effectSize: { measure: 'meanRatio', allowedIncrease: 1.2, criticalIncrease: 1.5 },
      },
    });
    expect(analysis.metrics[1]?.aca?.direction).toBe('either');
    expect(remarks.join(' ')).toContain('type prometheus');
  });

  test.each([
    [{}, 'metrics'],
    [{ metrics: [] }, 'metrics'],
    [
      { metrics: [{ name: 'a', analysisConfigurations: { canary: { direction: 'sideways' } } }] },
      'direction',
    ],
    ['text', 'top'],
  ])('%j is refused and %s is named', (form, named) => {
    const imported = importKayenta(form, 's');
    expect(imported).toMatchObject({ ok: false, refusal: { code: 'import.unreadable' } });
    if (!imported.ok) expect(imported.refusal.message).toContain(named);
  });
});

describe('an AnalysisTemplate', () => {
  const yaml = `
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: { name: success-rate }
spec:
  args: [{ name: service }]
  dryRun: [{ metricName: 'trial-*' }]
  metrics:
    - name: success-rate
      interval: 5m
      count: "10"
      successCondition: result[0] >= 0.95
      failureLimit: 3
      initialDelay: 30s
      provider:
        prometheus: { address: 'http://prometheus.example', query: 'sum(rate(ok{s="{{args.service}}"}[5m]))' }
    - name: trial-latency
      interval: 1m
      failureCondition: result[0] > 500
      provider: { datadog: { query: 'p95' } }
    - name: odd
      successCondition: 'all(result, {# < 1})'
      provider: { prometheus: { query: q } }
`;

  test('keeps its conditions and limits, and says what a person must look at', () => {
    const imported = importArgo(parse(yaml), 'prom');
    if (!imported.ok) throw new Error(imported.refusal.message);
    const { analysis, remarks } = imported.value;
    expect(analysis).toMatchObject({ profile: 'argo', every: 60 });
    expect(analysis.metrics[0]).toMatchObject({
      name: 'success-rate',
      dryRun: false,
      query: { provider: 'prometheus', address: 'http://prometheus.example' },
      argo: {
        successCondition: 'result[0] >= 0.95',
        count: 10,
        failureLimit: 3,
        consecutiveErrorLimit: 4,
      },
    });
    expect(analysis.metrics.map(({ dryRun }) => dryRun)).toEqual([false, true, true]);
    expect(remarks).toEqual([
      'success-rate uses arguments: fill them in in its query.',
      'success-rate waits 30s first: put a bake step before the analysis.',
      'trial-latency is not read from Prometheus: check that the source reads its query.',
      'odd: its condition is not understood; it is measured and not counted.',
    ]);
  });

  test('is judged by them', () => {
    const imported = importArgo(parse(yaml), 'prom');
    if (!imported.ok) throw new Error(imported.refusal.message);
    const read = values([0.9, 0.9, 0.9, 0.9]);
    const judgement = judge({
      analysis: imported.value.analysis,
      looksBefore: 3,
      blindLooks: 0,
      last: false,
      readings: [{ metric: 'success-rate', stable: read, candidate: read }],
    });
    expect(judgement).toMatchObject({ phase: 'failed', action: 'roll_back' });
  });

  test.each([
    [{ kind: 'Rollout', spec: { metrics: [{ name: 'a' }] } }, 'kind'],
    [{ kind: 'AnalysisTemplate', spec: { metrics: [] } }, 'metrics'],
    [
      { kind: 'AnalysisTemplate', spec: { metrics: [{ name: 'a', failureLimit: 'many' }] } },
      'failureLimit',
    ],
  ])('%j is refused and %s is named', (form, named) => {
    const imported = importArgo(form, 's');
    if (imported.ok) throw new Error('it was read');
    expect(imported.refusal.message).toContain(named);
  });
});
