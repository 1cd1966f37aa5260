import type { Failpoint } from '#ports/failpoint.ts';

/**
 * For crash tests: `before-target-shift` ends this process the first time it comes there,
 * `before-commit:7` the seventh time. As SIGKILL, so that nothing can be tidied up.
 */
export function failpointFrom(text: string | undefined): Failpoint {
  if (text === undefined) return async () => {};
  const [name = '', count = '1'] = text.split(':');
  let left = Number(count);
  return async (reached) => {
    if (reached !== name) return;
    left -= 1;
    if (left > 0) return;
    process.kill(process.pid, 'SIGKILL');
    // The signal is on its way: nothing more may happen here.
    await new Promise(() => {});
  };
}
