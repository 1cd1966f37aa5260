import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { type MetricDeclaration, metrics } from '#adapters/telemetry/metrics.ts';
import { createTelemetry } from '#adapters/telemetry/telemetry.ts';
import { projectFile, readProjectFile } from '../architecture/tree.ts';
import { requireServer } from '../servers.ts';

const folder = 'helm/signalbox';
const rules = `${folder}/rules/signalbox.yaml`;
const dashboards = globSync(`${folder}/dashboards/*.json`, { cwd: projectFile('') }).sort();

const Dashboard = z.looseObject({
  uid: z.string(),
  title: z.string(),
  panels: z.array(
    z.looseObject({
      id: z.number(),
      title: z.string().min(1),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      datasource: z.object({ uid: z.literal('${' + 'source}') }),
      targets: z.array(z.looseObject({ refId: z.string(), expr: z.string().min(1) })).min(1),
    }),
  ),
});
const Rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string(),
          expr: z.string(),
          for: z.string(),
          labels: z.object({ severity: z.enum(['critical', 'warning']) }),
          annotations: z.object({ summary: z.string(), description: z.string() }),
        }),
      ),
    }),
  ),
});

const alerts = Rules.parse(parse(readProjectFile(rules))).groups.flatMap((group) => group.rules);

/** Every query of the chart, with where it stands. */
const queries = [
  ...alerts.map(({ alert, expr }) => [alert, expr] as const),
  ...dashboards.flatMap((path) =>
    panelsOf(path).flatMap(({ title, targets }) =>
      targets.map(({ expr }) => [`${path}: ${title}`, expr] as const),
    ),
  ),
];

function metricsIn(expr: string): readonly string[] {
  return [...expr.matchAll(/signalbox_[a-z_]+/g)].map(([name]) => name);
}

function panelsOf(path: string) {
  return Dashboard.parse(JSON.parse(readProjectFile(path))).panels;
}

it('there are an executive, an on-call and a debug dashboard', () => {
  expect(dashboards.map((path) => path.split('/').at(-1))).toEqual([
    'debug.json',
    'executive.json',
    'on-call.json',
  ]);
});

it.each(dashboards)('%s has panels that do not lie on each other', (path) => {
  const panels = panelsOf(path);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const [index, { gridPos: a }] of panels.entries()) {
    expect(a.x + a.w).toBeLessThanOrEqual(24);
    for (const { gridPos: b } of panels.slice(index + 1)) {
      const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
      expect(apart).toBe(true);
    }
  }
});

describe('every query', () => {
  const declared = new Map<string, MetricDeclaration>(
    Object.entries(metrics).map(([name, one]) => [`signalbox_${name}`, one]),
  );
  const labelsOf = (name: string) => declared.get(name)?.labels ?? [];

  it.each(queries)('%s asks for metrics that are exported', async (_, expr) => {
    const text = await createTelemetry({ metrics }).exposition();
    const asked = metricsIn(expr);
    expect(asked).not.toEqual([]);
    for (const name of asked) {
      const plain = name.replace(/_bucket$/, '');
      expect(text).toContain(`# TYPE ${plain} `);
      expect(declared.get(plain)?.kind === 'histogram').toBe(name.endsWith('_bucket'));
    }
  });

  it.each(queries)('%s asks for labels that they have', (_, expr) => {
    const asked = metricsIn(expr).map((name) => name.replace(/_bucket$/, ''));
    for (const [, name, inner] of expr.matchAll(/(signalbox_[a-z_]+)\{([^}]*)\}/g)) {
      const labels = [...(inner ?? '').matchAll(/([a-z_]+)\s*[=!]/g)].map(([, label]) => label);
      for (const label of labels) expect(labelsOf(name ?? '')).toContain(label);
    }
    const known = [...asked.flatMap(labelsOf), 'le', 'pod'];
    for (const [, all] of expr.matchAll(/\bby \(([^)]*)\)/g)) {
      for (const label of (all ?? '').split(', ')) expect(known).toContain(label);
    }
  });

  it.runIf(requireServer('prometheus'))('is PromQL to promtool', () => {
    const home = mkdtempSync(join(tmpdir(), 'signalbox-rules-'));
    const file = join(home, 'rules.json');
    const asRules = queries.map(([, expr], index) => ({
      record: `query:${index}`,
      expr: expr.replaceAll('$__range', '1h'),
    }));
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'all', rules: asRules }] }));
    const check = (path: string) =>
      execFileSync('promtool', ['check', 'rules', path], { encoding: 'utf8' });
    expect(check(file)).toContain(`${queries.length} rules found`);
    expect(check(projectFile(rules))).toContain(`${alerts.length} rules found`);
    rmSync(home, { recursive: true });
  });
});

it.runIf(requireServer('prometheus'))('alerts fire when they should, and only then', () => {
  const home = mkdtempSync(join(tmpdir(), 'signalbox-alerts-'));
  const cases = [
    { fires: 'SignalboxDatabaseUnreachable', series: ['signalbox_store_up', '0x20'], at: '5m' },
    { fires: 'SignalboxDown', series: ['other', '1x20'], at: '10m' },
    {
      fires: 'SignalboxRolloutStuck',
      series: ['signalbox_rollouts{phase="stuck"}', '2x20'],
      at: '5m',
    },
    { fires: null, series: ['signalbox_rollouts{phase="paused"}', '2x20'], at: '5m' },
    {
      fires: 'SignalboxMetricsUnreadable',
      series: ['signalbox_readings_total{source="p",class="provider_error"}', '0+4x30'],
      at: '20m',
    },
    {
      fires: null,
      series: ['signalbox_readings_total{source="p",class="ok"}', '0+4x30'],
      at: '20m',
    },
    { fires: 'SignalboxClockSkew', series: ['signalbox_clock_skew_seconds', '-3x20'], at: '10m' },
  ];
  const file = join(home, 'test.json');
  const watched = alerts.map(({ alert }) => alert).filter((name) => name !== 'SignalboxDown');
  const tests = cases.map(({ fires, series: [series, values], at }) => ({
    interval: '1m',
    input_series: [{ series, values }],
    alert_rule_test: (fires === 'SignalboxDown' ? [fires] : watched).map((name) => ({
      alertname: name,
      eval_time: at,
      exp_alerts: name === fires ? [expected(name, series ?? '')] : [],
    })),
  }));
  writeFileSync(file, JSON.stringify({ rule_files: [projectFile(rules)], tests }));
  expect(execFileSync('promtool', ['test', 'rules', file], { encoding: 'utf8' })).toContain(
    'SUCCESS',
  );
  rmSync(home, { recursive: true });

  /** With labels and texts as they are rendered. */
  function expected(name: string, series: string) {
    const rule = alerts.find(({ alert }) => alert === name);
    const value = name === 'SignalboxClockSkew' ? '3s' : '2';
    const fill = (text = '') =>
      text
        .replaceAll(/\{\{ \$labels\.source \}\}/g, 'p')
        .replaceAll(/\{\{ \$value(?: \| humanizeDuration)? \}\}/g, value);
    return {
      exp_labels: { ...rule?.labels, ...(series.includes('source="p"') ? { source: 'p' } : {}) },
      exp_annotations: {
        summary: fill(rule?.annotations.summary),
        description: fill(rule?.annotations.description),
      },
    };
  }
});
