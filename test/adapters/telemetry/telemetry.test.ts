import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { watchEventLoop } from '#adapters/telemetry/event-loop-lag.ts';
import { type MetricDeclaration, metrics } from '#adapters/telemetry/metrics.ts';
import { createTelemetry } from '#adapters/telemetry/telemetry.ts';

describe('telemetry', () => {
  it('exposes what was counted, set and observed', async () => {
    const { telemetry, exposition, contentType } = createTelemetry({
      metrics,
      collect: async (each) => each.gauge('ledger_events', 12),
    });
    telemetry.count('commands_refused', { code: 'lock.held' });
    telemetry.count('commands_refused', { code: 'lock.held' }, 2);
    telemetry.observe('command_seconds', 0.002);
    const text = await exposition();
    expect(contentType).toContain('text/plain');
    expect(text).toContain('signalbox_commands_refused{code="lock.held"} 3');
    expect(text).toContain('signalbox_command_seconds_bucket{le="0.0025"} 1');
    expect(text).toContain('signalbox_ledger_events 12');
  });

  it('keeps registries apart', async () => {
    const [one, two] = [createTelemetry({ metrics }), createTelemetry({ metrics })];
    one.telemetry.count('commands_accepted');
    expect(await one.exposition()).toContain('signalbox_commands_accepted 1');
    expect(await two.exposition()).toContain('signalbox_commands_accepted 0');
  });

  it('takes what is not declared for a bug', () => {
    const { telemetry } = createTelemetry({ metrics });
    expect(() => telemetry.count('nothing_total')).toThrow('No metric nothing_total');
    expect(() => telemetry.gauge('commands_accepted', 1)).toThrow('of this kind');
    expect(() => telemetry.count('commands_refused')).toThrow('are code');
    expect(() => telemetry.count('commands_accepted', { code: 'a' })).toThrow('are none');
  });

  it('notices a blocked event loop', async () => {
    const watch = watchEventLoop();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const end = performance.now() + 150;
    while (performance.now() < end);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(watch.take()).toBeGreaterThan(0.1);
    watch.close();
  });
});

describe('the declared metrics', () => {
  const kinds: Readonly<Record<string, MetricDeclaration['kind']>> = {
    count: 'counter',
    gauge: 'gauge',
    observe: 'histogram',
  };

  it('hold every metric that the sources use, with its kind', () => {
    const declared = new Map<string, MetricDeclaration>(Object.entries(metrics));
    const uses = sources().flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\b(count|gauge|observe)\(\s*'([a-z_]+)'/g)].map(
        ([, call = '', name = '']) => ({ file, name, kind: kinds[call] }),
      ),
    );
    expect(uses.length).toBeGreaterThan(0);
    const wrong = uses.filter(({ name, kind }) => declared.get(name)?.kind !== kind);
    expect(wrong).toEqual([]);
  });

  it.each(Object.entries<MetricDeclaration>(metrics))('say what %s is', (name, declared) => {
    expect(name).toMatch(/^[a-z][a-z_]*$/);
    expect(declared.help).toMatch(/^[A-Z0-9].*\.$/);
    expect(declared.buckets !== undefined).toBe(declared.kind === 'histogram');
  });
});

function sources(): readonly string[] {
  const root = join(import.meta.dirname, '../../..');
  return ['src', 'adapters', 'commands'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(root, folder, name)),
  );
}
