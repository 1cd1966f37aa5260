import { cliNames, runCli } from '#adapters/cli/index.ts';
import { createNodeIo } from '#adapters/cli/node-io.ts';
import { rawEnvironment } from '#config.ts';
import type { Door } from './door.ts';

const summaries: Readonly<Record<(typeof cliNames)[number], string>> = {
  release: 'The commands of chat from a shell: release deploy shop v2 [--watch] [--json].',
  board: 'What runs where.',
  completion: 'A script for bash, zsh or fish that completes all this.',
  complete: 'What the completion scripts ask.',
};

/** The subcommands that talk to a running server. */
export const commandLine: readonly Door[] = cliNames.map((name) => ({
  names: [name],
  usage: name === 'completion' ? 'completion bash | zsh | fish' : name,
  summary: summaries[name],
  run: (words) => {
    const environment = rawEnvironment();
    return runCli([name, ...words], environment, createNodeIo(environment['TERM'] === 'dumb'));
  },
}));
