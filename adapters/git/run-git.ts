import { execFile } from 'node:child_process';
import { Fault } from '#core/fault.ts';

/** The longest answer that is read, in bytes. */
const longest = 16 * 1024 * 1024;

/** Runs one git command and answers what it wrote. Not `ok`: it ended with a failure of its own. */
export type RunGit = (
  args: readonly string[],
  patienceMs: number,
) => Promise<{ readonly ok: boolean; readonly out: string }>;

/**
 * Git without the machine's and the user's settings, without questions, and with the token in its
 * environment, where other users of the machine do not see it.
 */
export function createRunGit(token: string | null, home: string): RunGit {
  const header =
    token === null
      ? {}
      : {
          GIT_CONFIG_COUNT: '1',
          GIT_CONFIG_KEY_0: 'http.extraHeader',
          GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(`git:${token}`).toString('base64')}`,
        };
  const env = {
    // A path of its own: what the process was started with decides nothing here.
    PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin',
    HOME: home,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ALLOW_PROTOCOL: 'http:https:ssh:file',
    GIT_SSH_COMMAND: 'ssh -o BatchMode=yes',
    ...header,
  };
  return (args, patienceMs) =>
    new Promise((resolve, reject) => {
      const options = { env, timeout: patienceMs, maxBuffer: longest, encoding: 'utf8' } as const;
      execFile('git', [...args], options, (error, out) => {
        if (error === null) return resolve({ ok: true, out });
        if (error.code === 'ENOENT') return reject(unavailable('Git is not installed here.'));
        if (error.killed === true) return reject(unavailable('Git does not come to an end.'));
        resolve({ ok: false, out });
      });
    });
}

/** It may be there later. */
export function unavailable(message: string): Fault {
  return new Fault('changes.unavailable', message, { retryable: true });
}
