#!/usr/bin/env node
import { doors } from '#boot/doors.ts';

/**
 * Signalbox, all of it: `serve` and `work` run it, the others look at it or talk to it.
 * Exit codes: 0 fine, 1 trouble, 2 refused, 78 a configuration that cannot be used.
 */
async function main(words: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = words;
  const door = doors.find((one) => one.names.includes(name));
  if (door !== undefined) return door.run(rest, name);
  process.stderr.write(`There is no subcommand ${JSON.stringify(name)}. Try: signalbox help\n`);
  return 1;
}

process.exitCode = await main(process.argv.slice(2));
