#!/usr/bin/env node
import { keepCompiled } from '#boot/keep-compiled.ts';
import { troubleIn } from '#boot/trouble.ts';

/**
 * Signalbox, all of it: `serve` and `work` run it, the others look at it or talk to it.
 * Exit codes: 0 fine, 1 trouble, 2 refused, 78 a configuration that cannot be used.
 */
async function main(words: readonly string[]): Promise<number> {
  // After it is kept what is compiled: all that is heavy hangs on this.
  const { doors } = await import('#boot/doors.ts');
  const [name = 'help', ...rest] = words;
  const door = doors.find((one) => one.names.includes(name));
  if (door !== undefined) {
    if (!serving.has(name)) process.stdout.on('error', leaveTheReader);
    try {
      return await door.run(rest, name);
    } catch (error) {
      const trouble = troubleIn(error);
      if (trouble === null) throw error;
      process.stderr.write(`${trouble}\n`);
      return 1;
    }
  }
  process.stderr.write(`There is no subcommand ${JSON.stringify(name)}. Try: signalbox help\n`);
  return 1;
}

/** Those that go on whoever reads what they print. */
const serving: ReadonlySet<string> = new Set(['start', 'serve', 'work']);

/** Whoever read has read enough (`| head`): nothing is wrong. */
function leaveTheReader(error: Error): void {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
  process.exit(0);
}

keepCompiled();
process.exitCode = await main(process.argv.slice(2));
