import type { Failpoint } from '#ports/failpoint.ts';

/**
 * For crash tests: this process ends itself the first time that it comes to the failpoint of this
 * name, `before-target-shift` for example. As SIGKILL, so that nothing can be tidied up.
 */
export function failpointFrom(name: string | undefined): Failpoint {
  return async (reached) => {
    if (reached !== name) return;
    process.kill(process.pid, 'SIGKILL');
    // The signal is on its way: nothing more may happen here.
    await new Promise(() => {});
  };
}
