import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { failpointNames } from '#core/failpoints.ts';
import { layDatabase } from '../adapters/pglite/temporary-pglite.ts';
import { crashFolder, dieEverywhere, everywhere } from './die-everywhere.ts';

it('leaves no failpoint out', () => {
  const walked = everywhere.deaths.flat();
  expect(walked.toSorted()).toEqual(failpointNames.toSorted());
});

it('is killed at every failpoint, on the embedded database', { timeout: 300_000 }, async () => {
  const folder = crashFolder();
  try {
    // To make a database takes seconds, and is not what is tested here.
    await layDatabase(join(folder, 'data'));
    expect(await dieEverywhere(folder, everywhere, {})).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
