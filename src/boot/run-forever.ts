import { badConfigurationExit, type Configuration, loadConfiguration } from '#config.ts';
import { Fault } from '#core/fault.ts';
import { CannotStart } from './cannot-start.ts';
import { type Parts, type Running, start } from './start.ts';
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
  const running = await startOrSay(loaded.value, parts);
  // What was opened before it failed must not keep the process.
  if (running === null) process.exit(1);
  process.stdout.write(
    running.url === null
      ? '\n  Signalbox works on releases; people talk to the processes that serve.\n\n'
      : await welcome(running.url, running.core, loaded.value),
  );
  await stopSignal();
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  const late = setTimeout(() => process.exit(1), stopWithinMs);
  late.unref();
  await running.stop();
  return 0;
}

/** Null when it could not start for a reason that needs no stack trace; it is said to the terminal. */
async function startOrSay(configuration: Configuration, parts: Parts): Promise<Running | null> {
  try {
    return await start(configuration, parts);
  } catch (error) {
    if (!(error instanceof Fault || error instanceof CannotStart)) throw error;
    process.stderr.write(`Signalbox could not start. ${error.message}\n`);
    return null;
  }
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}
