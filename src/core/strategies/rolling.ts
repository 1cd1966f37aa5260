import { z } from 'zod';
import { Duration } from '#core/duration-setting.ts';
import type { Strategy } from '#core/strategy.ts';
import { everyTarget } from './stage.ts';

const Options = z.strictObject({
  bake: Duration.prefault(0).describe('Time to wait after each wave before the next.'),
});

/** Replaces stable in place, a few instances at a time; wave after wave. */
export const rolling: Strategy<z.infer<typeof Options>> = {
  name: 'rolling',
  summary: 'Replace in place, a few instances at a time.',
  options: Options,
  steps(options, question) {
    return question.waves.flatMap((targets, wave) => {
      const each = everyTarget(question, wave, targets);
      return [
        ...each('replace'),
        ...(options.bake > 0 ? [{ kind: 'bake' as const, wave, seconds: options.bake }] : []),
        ...each('retire'),
      ];
    });
  },
};
