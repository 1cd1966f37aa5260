import { randomUUID } from 'node:crypto';
import { statusView } from '#core/cards/status-view.ts';
import type { Reply } from '#ports/gateway.ts';
import { type Client, createClient } from './client.ts';
import { completeWords, completionScript } from './completion.ts';
import { commandText, type Invocation, readInvocation } from './invocation.ts';
import { type CliIo, exitCodes } from './io.ts';
import { printed } from './print.ts';
import { CliTrouble, findServer } from './server.ts';
import { watch } from './watch.ts';

export { type CliIo, exitCodes } from './io.ts';

/** The subcommands that are served here; all speak to a running server but `completion`. */
export const cliNames = ['release', 'board', 'completion', 'complete'] as const;

/**
 * Runs one subcommand against a running server. Returns the exit code: 0 done or succeeded, 1 trouble,
 * 2 refused or cancelled, 3 rolled back, 4 waits for a person, 130 interrupted.
 */
export async function runCli(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  io: CliIo,
): Promise<number> {
  const [name, ...rest] = argv;
  if (name === 'completion') return printScript(rest[0] ?? '', io);
  try {
    if (name === 'complete') return await complete(rest, env, io);
    const colourless = (env['NO_COLOR'] ?? '') !== '';
    const asked = readInvocation(rest);
    const invocation = { ...asked, colour: asked.colour && !colourless };
    const client = createClient(await findServer(env, invocation, io), randomUUID);
    return name === 'board'
      ? await board(client, invocation, io)
      : await release(client, invocation, io);
  } catch (problem) {
    if (!(problem instanceof CliTrouble)) throw problem;
    io.err(`${problem.message}\n`);
    return exitCodes.trouble;
  }
}

async function release(client: Client, invocation: Invocation, io: CliIo): Promise<number> {
  const reply = await client.command(commandText(invocation.words));
  if (invocation.json && !invocation.watch) io.out(`${JSON.stringify(reply, null, 2)}\n`);
  else if (!invocation.json && !beginsDisplay(reply, invocation, io)) {
    const say = reply.refusal === null ? io.out : io.err;
    say(printed(reply.view, Date.now(), invocation, io));
  }
  if (reply.refusal !== null) {
    if (invocation.json && invocation.watch) io.out(`${JSON.stringify(reply, null, 2)}\n`);
    return exitCodes.refused;
  }
  if (!invocation.watch || reply.rollout === null) return exitCodes.done;
  return watch(client, reply.rollout, invocation, io);
}

/** The card that was asked for is the live display's first picture: it is not shown twice. */
function beginsDisplay(reply: Reply, { words, watch: watched }: Invocation, io: CliIo): boolean {
  return words[0] === 'show' && watched && io.terminal && reply.rollout !== null;
}

async function board(client: Client, invocation: Invocation, io: CliIo): Promise<number> {
  const found = await client.board();
  if (invocation.json) io.out(`${JSON.stringify(found, null, 2)}\n`);
  else io.out(printed(statusView(found.places), Date.now(), invocation, io));
  return exitCodes.done;
}

function printScript(shell: string, io: CliIo): number {
  const script = completionScript(shell);
  if (script === null) {
    io.err('Usage: signalbox completion bash|zsh|fish\n');
    return exitCodes.refused;
  }
  io.out(script);
  return exitCodes.done;
}

/** Never disturbs the prompt: without a server there is nothing to offer. */
async function complete(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  io: CliIo,
): Promise<number> {
  try {
    const client = createClient(await findServer(env, readInvocation([]), io), randomUUID);
    io.out(await completeWords(client, words[0] === '--' ? words.slice(1) : words));
    return exitCodes.done;
  } catch (problem) {
    if (problem instanceof CliTrouble) return exitCodes.trouble;
    throw problem;
  }
}
