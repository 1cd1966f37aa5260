import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failpointNames } from '#core/failpoints.ts';
import { layDatabase } from '../adapters/pglite/temporary-pglite.ts';
import { crashFolder, dieEverywhere, portions } from './die-everywhere.ts';

it('leaves no failpoint out', () => {
  const walked = portions.flatMap(({ names }) => names);
  expect(walked.toSorted()).toEqual(failpointNames.toSorted());
});

describe('killed at every failpoint, on the embedded database', () => {
  it.concurrent.for(portions)('$title', { timeout: 300_000 }, async (portion) => {
    const folder = crashFolder();
    try {
      // To make a database takes seconds, and is not what is tested here.
      await layDatabase(join(folder, 'data'));
      expect(await dieEverywhere(folder, portion, {})).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
