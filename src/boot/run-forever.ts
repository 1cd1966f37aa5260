import { badConfigurationExit, loadConfiguration } from '#config.ts';
import { type Parts, start } from './start.ts';
import { welcome } from './welcome.ts';

/** How long a stop may take before the process ends all the same, in milliseconds. */
const stopWithinMs = 25_000;

/** Runs until SIGTERM or SIGINT, then stops in order. A second signal ends it at once. */
export async function runForever(parts: Parts): Promise<number> {
  const loaded = loadConfiguration();
  if (!loaded.ok) {
    process.stderr.write(`${loaded.report}\n`);
    return badConfigurationExit;
  }
  const running = await start(loaded.value, parts);
  if (running.url !== null) {
    process.stdout.write(await welcome(running.url, running.core, loaded.value));
  }
  await stopSignal();
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  const late = setTimeout(() => process.exit(1), stopWithinMs);
  late.unref();
  await running.stop();
  return 0;
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}
