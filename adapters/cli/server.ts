import { join } from 'node:path';
import { z } from 'zod';
import type { Invocation } from './invocation.ts';
import type { CliIo } from './io.ts';

/** Where Signalbox runs and as whom one speaks to it. */
export interface Server {
  readonly url: string;
  readonly token: string;
}

/** Where a demo leaves its address and the tokens of its personas, in its data folder. */
const demoFile = 'console.json';
const Demo = z.object({ url: z.url(), tokens: z.record(z.string(), z.string()) });

/** Something that cannot be repaired here; the text is for the person. */
export class CliTrouble extends Error {
  override readonly name = 'CliTrouble';
}

/** The server does not answer: it may be back in a moment. */
export class Unreachable extends CliTrouble {}

/**
 * SIGNALBOX_URL and SIGNALBOX_TOKEN; without them, the demo that runs in this folder, or whose data
 * folder SIGNALBOX_DATA is.
 * @throws CliTrouble when neither is there
 */
export async function findServer(
  env: Readonly<Record<string, string | undefined>>,
  invocation: Invocation,
  io: CliIo,
): Promise<Server> {
  const url = invocation.url ?? env['SIGNALBOX_URL'];
  const token = env['SIGNALBOX_TOKEN'];
  if (token !== undefined && token !== '') {
    return { url: (url ?? 'http://127.0.0.1:7777').replace(/\/$/, ''), token };
  }
  const file = join(env['SIGNALBOX_DATA'] || '.signalbox', demoFile);
  const text = await io.readFile(file);
  if (text === null) {
    throw new CliTrouble(
      'No server is known. Set SIGNALBOX_URL and SIGNALBOX_TOKEN, or run this in the folder of a running demo.',
    );
  }
  const demo = readDemo(file, text);
  const persona = invocation.as ?? env['SIGNALBOX_PERSONA'] ?? Object.keys(demo.tokens)[0] ?? '';
  const own = demo.tokens[persona];
  if (own === undefined) {
    const known = Object.keys(demo.tokens).join(', ');
    throw new CliTrouble(`The demo has no persona ${persona}. It has ${known}.`);
  }
  return { url: (url ?? demo.url).replace(/\/$/, ''), token: own };
}

/** @throws CliTrouble when the file is no such file */
function readDemo(file: string, text: string): z.infer<typeof Demo> {
  try {
    return Demo.parse(JSON.parse(text));
  } catch {
    throw new CliTrouble(`${file} cannot be read. Start the demo again, and it is written anew.`);
  }
}
