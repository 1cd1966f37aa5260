import { closed } from '#core/cards/sentence.ts';
import { Fault } from '#core/fault.ts';

const fileCalls: ReadonlySet<unknown> = new Set(['open', 'read', 'stat', 'scandir', 'mkdir']);

/**
 * What went wrong in a subcommand, in one line for whoever typed it: something is out of reach, an
 * option is unknown, a file cannot be read. Null for a bug, which keeps its stack.
 */
export function troubleIn(error: unknown): string | null {
  if (error instanceof Fault) return `${closed(error.message)} (${error.code})`;
  if (!(error instanceof Error) || !('code' in error)) return null;
  const code = String(error.code);
  if (code.startsWith('ERR_PARSE_ARGS')) return closed(error.message);
  const file = 'path' in error ? `: ${String(error.path)}` : '.';
  if (!/^E[A-Z]+$/.test(code) || !fileCalls.has('syscall' in error ? error.syscall : null)) {
    return null;
  }
  return `${code === 'ENOENT' ? 'There is no such file' : `It cannot be read (${code})`}${file}`;
}
