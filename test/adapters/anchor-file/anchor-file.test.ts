import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createFileAnchor } from '#adapters/anchor-file/anchor-file.ts';
import { createMemoryAnchor } from '#adapters/memory/anchor.ts';
import { anchorContract } from '../../contracts/anchor.ts';

const directory = mkdtempSync(join(tmpdir(), 'signalbox-anchor-'));
afterAll(() => rmSync(directory, { recursive: true }));

anchorContract('file', () => createFileAnchor(join(directory, 'new', 'anchor.txt')));

const memory = createMemoryAnchor();
anchorContract('memory', () => memory);

it('says so when the file cannot be read, instead of "nothing there"', async () => {
  await expect(createFileAnchor(directory).newest()).rejects.toThrow();
});
