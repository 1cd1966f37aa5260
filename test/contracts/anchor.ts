import { describe, expect, it } from 'vitest';
import type { Anchor } from '#ports/anchor.ts';

/** What every `Anchor` promises. `open` gives a new view of the same place each time. */
export function anchorContract(name: string, open: () => Anchor): void {
  describe(`anchor contract: ${name}`, () => {
    it('is empty at first, then has what was left last', async () => {
      expect(await open().newest()).toBeNull();
      await open().publish('first\n');
      await open().publish('first\n');
      expect(await open().newest()).toBe('first\n');
      await open().publish('second, longer\n\n\u2014 name c2ln\n');
      expect(await open().newest()).toBe('second, longer\n\n\u2014 name c2ln\n');
      expect(open().name).not.toBe('');
    });
  });
}
