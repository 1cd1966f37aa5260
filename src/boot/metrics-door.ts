import { resolve } from 'node:path';
import { examineMetrics, type MetricCase, prometheusSecrets } from '#adapters/prometheus/index.ts';
import { createLog } from '#adapters/system/log.ts';
import { badConfigurationExit, type Configuration, loadConfiguration } from '#config.ts';
import { Fault } from '#core/fault.ts';
import type { Artifact } from '#core/release.ts';
import type { Clock } from '#ports/clock.ts';
import type { TargetRef } from '#ports/delivery-target.ts';
import { createDelivery, type Delivery } from './adapters.ts';

/**
 * `signalbox doctor metrics [SOURCE]`: asks every metric of the analyses about what runs now, and
 * says what came. Exit code 1 when something is not well.
 */
export async function doctorMetrics(words: readonly string[]): Promise<number> {
  const loaded = loadConfiguration();
  if (!loaded.ok) {
    process.stderr.write(`${loaded.report}\n`);
    return badConfigurationExit;
  }
  const { settings, environment } = loaded.value;
  const [only] = words;
  const names = Object.keys(settings.metrics).filter((name) => only === undefined || name === only);
  if (names.length === 0) {
    process.stderr.write(`There is no metrics source ${only ?? 'in the settings'}.\n`);
    return 2;
  }
  // Nothing is written and no lease is held: this machine's clock will do.
  const clock: Clock = { now: () => Date.now() };
  const delivery = createDelivery({
    settings,
    dataFolder: resolve(environment.SIGNALBOX_DATA),
    registryToken: environment.SIGNALBOX_REGISTRY_TOKEN,
    clock,
    log: createLog({ level: 'silent' }),
    prometheus: prometheusSecrets(environment),
  });
  try {
    const running = await whatRuns(loaded.value, delivery);
    let isWell = true;
    for (const name of names) isWell = (await examine(name, running, delivery, clock)) && isWell;
    return isWell ? 0 : 1;
  } finally {
    await delivery.close();
  }
}

interface Place {
  readonly ref: TargetRef;
  readonly analysis: string;
  readonly artifact: Artifact | null;
}

async function examine(
  name: string,
  running: { readonly places: readonly Place[]; readonly settings: Configuration['settings'] },
  delivery: Delivery,
  clock: Clock,
): Promise<boolean> {
  const { places, settings } = running;
  process.stdout.write(`${name}\n`);
  const idle: string[] = [];
  const cases = places.flatMap(({ ref, analysis: called, artifact }): readonly MetricCase[] => {
    const analysis = settings.analyses[called];
    const metrics = (analysis?.metrics ?? []).filter(
      ({ source }) => (source ?? analysis?.source) === name,
    );
    if (analysis === undefined || metrics.length === 0) return [];
    if (artifact === null) {
      idle.push(`${ref.service} at ${ref.target}`);
      return [];
    }
    return metrics.map((metric) => ({ analysis, metric, target: ref, artifact }));
  });
  const source = delivery.metrics(name);
  const clockAhead = () => delivery.metricsClockAhead(name);
  const findings = await examineMetrics(source, clockAhead, cases, clock);
  for (const { well, what, fix, details } of findings) {
    process.stdout.write(
      `  ${well ? 'ok   ' : 'fix  '} ${what}${well ? '' : `\n        ${fix}`}\n`,
    );
    for (const line of details) process.stdout.write(`        ${line}\n`);
  }
  for (const place of idle) {
    process.stdout.write(`  skip  ${place}: nothing is known to run there\n`);
  }
  return findings.every(({ well }) => well);
}

async function whatRuns({ settings }: Configuration, delivery: Delivery) {
  const places: Place[] = [];
  for (const [service, { environments }] of Object.entries(settings.services)) {
    for (const [environment, { waves, analysis }] of Object.entries(environments)) {
      const called = analysis ?? settings.environments[environment]?.analysis;
      if (called === undefined) continue;
      for (const target of waves.flat()) {
        const ref = { target, service, environment };
        places.push({ ref, analysis: called, artifact: await stableAt(delivery, ref) });
      }
    }
  }
  return { places, settings };
}

async function stableAt(delivery: Delivery, ref: TargetRef): Promise<Artifact | null> {
  try {
    return (await delivery.target(ref.target).inspect(ref)).stable?.artifact ?? null;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return null;
  }
}
