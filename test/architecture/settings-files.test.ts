import { globSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { builtIn, loadSettings } from '#config.ts';
import { settingsJsonSchema } from '#core/settings/json-schema.ts';
import { Values } from '../../helm/values.ts';
import { configurationReference } from './configuration-page.ts';
import { projectFile, readProjectFile } from './tree.ts';

const schema = settingsJsonSchema(builtIn);

// All of these are written anew by `npx vitest run test/architecture/settings-files.test.ts -u`.
it('signalbox.schema.json is current', async () => {
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
    projectFile('signalbox.schema.json'),
  );
});

it('docs/configuration.md ends in the current reference', async () => {
  const [introduction = ''] = readProjectFile('docs/configuration.md').split('## Environment\n');
  await expect(`${introduction}${configurationReference(builtIn)}`).toMatchFileSnapshot(
    projectFile('docs/configuration.md'),
  );
});

// It names the secrets that there are.
it('helm/signalbox/values.schema.json is what helm/values.ts says', async () => {
  const values = z.toJSONSchema(Values, { target: 'draft-7', io: 'input' });
  await expect(`${JSON.stringify(values, null, 2)}\n`).toMatchFileSnapshot(
    projectFile('helm/signalbox/values.schema.json'),
  );
});

const ajv = new Ajv.Ajv2020({ strict: false, formats: { uri: true, 'date-time': true } });
const validate = ajv.compile(schema);
const examples = globSync('examples/*.yaml', { cwd: projectFile('') });

it('there are examples', () => {
  expect(examples).toContain('examples/demo.yaml');
});

describe.each(examples)('%s', (path) => {
  const text = readProjectFile(path);

  it('tells editors its schema', () => {
    expect(text).toContain('# yaml-language-server: $schema=../signalbox.schema.json');
  });

  it('is sound', () => {
    expect(loadSettings(projectFile(path))).toMatchObject({ ok: true });
  });

  it('is what the schema for editors describes', () => {
    validate(parse(text));
    expect(validate.errors).toBeNull();
    expect(validate({ version: 1 })).toBe(false);
    expect(validate({ ...parse(text), servces: {} })).toBe(false);
  });
});
