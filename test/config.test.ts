import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import {
  badConfigurationExit,
  checkConfiguration,
  loadConfiguration,
  loadSettings,
  watchSettings,
} from '#config.ts';
import { registries, soundSettings } from './core/settings/imagined.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-config-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(settings: unknown, name = 'signalbox.yaml'): string {
  const path = join(folder, name);
  writeFileSync(path, typeof settings === 'string' ? settings : stringify(settings));
  return path;
}

function load(variables: Readonly<Record<string, string>> = {}) {
  return loadConfiguration({ registries, variables, folder });
}

function reportOf(variables: Readonly<Record<string, string>> = {}): string {
  const loaded = load(variables);
  return loaded.ok ? '' : loaded.report;
}

describe('the settings file', () => {
  it('is ./signalbox.yaml', () => {
    write(soundSettings());
    const loaded = load();
    expect(loaded).toMatchObject({
      ok: true,
      value: { demo: false, file: join(folder, 'signalbox.yaml') },
    });
  });

  it('is what SIGNALBOX_CONFIG names, and nothing else then', () => {
    write(soundSettings(), 'other.yaml');
    expect(load({ SIGNALBOX_CONFIG: 'other.yaml' })).toMatchObject({ ok: true });
    expect(reportOf({ SIGNALBOX_CONFIG: 'missing.yaml' })).toContain('missing.yaml');
  });

  it('never falls back to the demo when it is there and cannot be read', () => {
    mkdirSync(join(folder, 'signalbox.yaml'));
    expect(reportOf()).toContain('a readable file');
  });

  it('reports every problem with file, line, value, form and suggestion, in order of line', () => {
    const settings = soundSettings();
    settings.environments.staging.channel = 'relases';
    settings.services.shop.registry = 'mian';
    const text = stringify(settings);
    const path = write(text);
    const lineOf = (part: string) => text.split('\n').findIndex((line) => line.includes(part)) + 1;
    expect(reportOf()).toBe(
      [
        `${path}:${lineOf('registry: mian')}  services.shop.registry`,
        '    given     "mian"',
        '    expected  a registry: main',
        '    did you mean "main"?',
        `${path}:${lineOf('channel: relases')}  environments.staging.channel`,
        '    given     "relases"',
        '    expected  a channel: releases',
        '    did you mean "releases"?',
      ].join('\n'),
    );
  });

  it('reports broken YAML with its line', () => {
    const path = write('version: 1\nversion: 2\n');
    expect(reportOf()).toContain(`${path}:2`);
  });

  it('has one digest for one meaning', () => {
    const first = write(soundSettings());
    const second = write(`# a comment\n${stringify(soundSettings(), { indent: 4 })}`, 'b.yaml');
    const changed = write({ ...soundSettings(), organisation: 'Other' }, 'c.yaml');
    const digests = [first, second, changed].map((file) => {
      const loaded = loadSettings(file, registries);
      return loaded.ok ? loaded.value.digest : 'not sound';
    });
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(digests[1]).toBe(digests[0]);
    expect(digests[2]).not.toBe(digests[0]);
  });
});

describe('the environment', () => {
  beforeEach(() => {
    write(soundSettings());
  });

  it('has defaults', () => {
    expect(load()).toMatchObject({
      ok: true,
      value: {
        environment: {
          SIGNALBOX_HOST: '127.0.0.1',
          SIGNALBOX_DATA: './.signalbox',
          SIGNALBOX_LOG: 'info',
        },
      },
    });
  });

  it('takes a secret from the variable or from a file, and shows neither', () => {
    writeFileSync(join(folder, 'token'), 'xoxb-from-file\n');
    const direct = load({ SIGNALBOX_SLACK_BOT_TOKEN: 'xoxb-direct' });
    const file = load({ SIGNALBOX_SLACK_BOT_TOKEN_FILE: 'token' });
    if (!direct.ok || !file.ok) throw new Error('refused');
    expect(direct.value.environment.SIGNALBOX_SLACK_BOT_TOKEN?.reveal()).toBe('xoxb-direct');
    expect(file.value.environment.SIGNALBOX_SLACK_BOT_TOKEN?.reveal()).toBe('xoxb-from-file');
    expect(JSON.stringify(direct.value.environment)).not.toContain('xoxb');
    expect(`${file.value.environment.SIGNALBOX_SLACK_BOT_TOKEN}`).toBe('[hidden]');
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['an unknown variable', { SIGNALBOX_PROT: '1' }, 'did you mean "SIGNALBOX_PORT"?'],
    ['a port that is none', { SIGNALBOX_PORT: '80900' }, 'a whole number from 0 to 65535'],
    ['a port in words', { SIGNALBOX_PORT: '0x50' }, '"0x50"'],
    ['an empty secret', { SIGNALBOX_SLACK_SIGNING_SECRET: '' }, 'SIGNALBOX_SLACK_SIGNING_SECRET'],
    ['a blank secret', { SIGNALBOX_SLACK_SIGNING_SECRET: '  ' }, 'without blanks'],
    ['a short key', { SIGNALBOX_SECRET: 'changeme' }, 'at least 32 characters'],
    ['another database', { DATABASE_URL: 'mysql://u:hunter2@h/d' }, 'begins with postgres://'],
    ['a secret twice', { REDIS_URL: 'redis://h', REDIS_URL_FILE: 'x' }, 'only one of'],
    ['a file that is not there', { DATABASE_URL_FILE: 'nowhere' }, 'a readable file'],
    ['a file for what is no secret', { SIGNALBOX_PORT_FILE: 'x' }, 'SIGNALBOX_PORT_FILE'],
  ])('refuses %s', (_, variables, part) => {
    const report = reportOf(variables);
    expect(report).toContain(part);
    expect(report).not.toContain('hunter2');
    expect(report).not.toContain('changeme');
  });

  it('leaves the variables of others alone', () => {
    expect(load({ HOME: '/root', SIGNAL: 'x' })).toMatchObject({ ok: true });
  });

  it('is reported together with the settings', () => {
    write({ ...soundSettings(), version: 7 });
    const report = reportOf({ SIGNALBOX_PORT: 'x' });
    expect(report).toContain('SIGNALBOX_PORT');
    expect(report).toContain('version');
  });
});

describe('check-config', () => {
  it('says sound, or why not, with the exit code of a bad configuration', () => {
    write(soundSettings());
    const sound = checkConfiguration({ registries, variables: {}, folder });
    expect(sound.exitCode).toBe(0);
    expect(sound.text).toMatch(/is sound \(sha256:[0-9a-f]{64}\)/);
    write({});
    const bad = checkConfiguration({ registries, variables: {}, folder });
    expect(bad.exitCode).toBe(badConfigurationExit);
    expect(bad.text).toContain('services');
  });
});

describe('a changed file', () => {
  const timing = { pollMs: 20, quietMs: 5 };

  function follow(file: string) {
    const first = loadSettings(file, registries);
    if (!first.ok) throw new Error(first.report);
    const seen: string[] = [];
    const watch = watchSettings(
      first.value,
      {
        ...timing,
        onChange: ({ settings }) => seen.push(`changed to ${settings.organisation}`),
        onProblems: (report) => seen.push(report.includes('readable') ? 'unreadable' : 'unsound'),
      },
      registries,
    );
    return { seen, watch };
  }

  async function until(seen: readonly string[], expected: readonly string[]): Promise<void> {
    for (let tries = 0; tries < 500 && seen.length < expected.length; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(seen).toEqual(expected);
  }

  it('comes into force when it is sound, and is reported when it is not', async () => {
    const path = write(soundSettings());
    const { seen, watch } = follow(path);
    write({ ...soundSettings(), organisation: 'Two' });
    await until(seen, ['changed to Two']);
    write({ ...soundSettings(), organisation: 3 });
    await until(seen, ['changed to Two', 'unsound']);
    // The same as what is in force: nothing to tell.
    write(`# mended\n${stringify({ ...soundSettings(), organisation: 'Two' })}`);
    write({ ...soundSettings(), organisation: 'Four' }, 'next.yaml');
    renameSync(join(folder, 'next.yaml'), path);
    await until(seen, ['changed to Two', 'unsound', 'changed to Four']);
    watch.close();
  });

  it('is reported when it disappears, and comes back', async () => {
    const path = write(soundSettings());
    const { seen, watch } = follow(path);
    rmSync(path);
    await until(seen, ['unreadable']);
    write({ ...soundSettings(), organisation: 'Two' });
    await until(seen, ['unreadable', 'changed to Two']);
    watch.close();
  });
});

describe('the embedded demo', () => {
  it('is what there is without a file', () => {
    const loaded = loadConfiguration({ variables: {}, folder });
    if (!loaded.ok) throw new Error(loaded.report);
    expect(loaded.value.demo).toBe(true);
    expect(Object.keys(loaded.value.settings.people)).toEqual(['ada', 'grace', 'linus', 'mallory']);
  });
});
