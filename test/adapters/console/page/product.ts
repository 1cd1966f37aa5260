import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { start } from '#boot/start.ts';
import { loadConfiguration } from '#config.ts';
import { layDatabase } from '../../pglite/temporary-pglite.ts';

const demoFile = new URL('../../../../examples/demo.yaml', import.meta.url);

/** The whole product in this process, with its sandbox beside it. */
export interface Product {
  readonly url: string;
  stop(): Promise<void>;
}

/** The parts of the demo's settings that take time, or of which less is enough. */
const Timed = z.looseObject({
  environments: z.looseObject({ production: z.looseObject({ rollbackCountdown: z.string() }) }),
  strategies: z.looseObject({ careful: z.looseObject({ options: z.looseObject({}) }) }),
  targets: z.looseObject({
    production: z.looseObject({ options: z.looseObject({ restingRequestsPerSecond: z.number() }) }),
  }),
});

/** Starts what `npm start` starts, in a folder of its own; `hasty` shortens every wait of the demo. */
export async function openProduct(pace: 'demo' | 'hasty'): Promise<Product> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-product-'));
  const file = join(folder, 'settings.yaml');
  const text = await readFile(demoFile, 'utf8');
  await writeFile(file, pace === 'demo' ? text : stringify(hasty(Timed.parse(parse(text)))));
  await layDatabase(join(folder, 'data'));
  const loaded = loadConfiguration({
    folder,
    variables: {
      SIGNALBOX_CONFIG: file,
      SIGNALBOX_DATA: join(folder, 'data'),
      SIGNALBOX_PORT: '0',
      SIGNALBOX_LOG: 'error',
    },
  });
  if (!loaded.ok) throw new Error(loaded.report);
  const running = await start({ ...loaded.value, demo: true }, { serve: true, work: true });
  if (running.url === null) throw new Error('The product serves no page');
  return {
    url: running.url,
    async stop() {
      await running.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

function hasty(settings: z.infer<typeof Timed>): unknown {
  settings.environments.production.rollbackCountdown = '4s';
  settings.strategies.careful.options = {
    capacityPercent: 100,
    stages: [{ weight: 50, for: '10s' }],
    keep: '0s',
  };
  // Nobody looks at what does not roll out.
  settings.targets.production.options.restingRequestsPerSecond = 4;
  return settings;
}
