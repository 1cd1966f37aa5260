import { checkConfiguration } from '#config.ts';

/** `signalbox check-config`. */
export async function checkConfig(): Promise<number> {
  const { text, exitCode } = checkConfiguration();
  const stream = exitCode === 0 ? process.stdout : process.stderr;
  stream.write(`${text}\n`);
  return exitCode;
}
