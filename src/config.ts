import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { adapterOptions } from '#adapters/index.ts';
import { readYaml } from '#adapters/settings-file/read-yaml.ts';
import { type FileWatch, watchFile } from '#adapters/settings-file/watch-file.ts';
import { canonicalJson } from '#core/canonical.ts';
import { gates } from '#core/gates/index.ts';
import { checkEnvironment } from '#core/settings/check-environment.ts';
import { checkSettings } from '#core/settings/check-settings.ts';
import type { Environment } from '#core/settings/environment.ts';
import { type Problem, showPath } from '#core/settings/problem.ts';
import type { Registries } from '#core/settings/registries.ts';
import type { Settings } from '#core/settings/settings.ts';
import { strategies } from '#core/strategies/index.ts';

/** The exit code for a configuration that cannot be used (`EX_CONFIG` of sysexits). */
export const badConfigurationExit = 78;

/** The settings of one file at one moment. */
export interface LoadedSettings {
  readonly settings: Settings;
  /** Hex SHA-256 of the settings' canonical form: the same for the same meaning. */
  readonly digest: string;
  /** Where they came from. */
  readonly file: string;
  readonly text: string;
}

/** Everything that a process is told from outside. */
export interface Configuration extends LoadedSettings {
  readonly environment: Environment;
  /** True on the embedded example: personas, sandbox, nothing real. */
  readonly demo: boolean;
}

/** A value, or a report for people that names every problem at once. */
export type Loaded<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly report: string };

interface Sources {
  /** Default: everything that is built in. */
  readonly registries?: Registries;
  /** Default: the environment of this process. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** Default: the working directory. */
  readonly folder?: string;
}

/** Everything that settings may name. */
export const builtIn: Registries = { gates, strategies, ...adapterOptions };

const demoFile = fileURLToPath(new URL('../examples/demo.yaml', import.meta.url));

/** Reads environment and settings; problems of both are reported together. */
export function loadConfiguration(sources: Sources = {}): Loaded<Configuration> {
  const folder = sources.folder ?? process.cwd();
  const variables = sources.variables ?? process.env;
  const checked = checkEnvironment(variables, (path) => readText(resolve(folder, path)));
  const { file, demo } = findFile(variables['SIGNALBOX_CONFIG'], folder);
  const settings = loadSettings(file, sources.registries ?? builtIn);
  if (checked.ok && settings.ok) {
    return { ok: true, value: { ...settings.value, environment: checked.environment, demo } };
  }
  const environmentReport = checked.ok ? [] : checked.problems.map(reportVariable);
  const settingsReport = settings.ok ? [] : [settings.report];
  return { ok: false, report: [...environmentReport, ...settingsReport].join('\n') };
}

/** The same for `signalbox check-config`: a text for people and the exit code. */
export function checkConfiguration(sources: Sources = {}): {
  readonly text: string;
  readonly exitCode: number;
} {
  const loaded = loadConfiguration(sources);
  if (!loaded.ok) return { text: loaded.report, exitCode: badConfigurationExit };
  const { file, digest } = loaded.value;
  return { text: `${file} is sound (sha256:${digest}).`, exitCode: 0 };
}

/** What a watched file has become. */
export interface SettingsWatch {
  /** New settings, when they are sound and mean something else than before. */
  readonly onChange: (loaded: LoadedSettings) => void;
  /** The file cannot be used; what was in force stays in force. */
  readonly onProblems: (report: string) => void;
  readonly pollMs?: number;
  readonly quietMs?: number;
}

/** Follows the settings file without a restart. */
export function watchSettings(
  first: LoadedSettings,
  watch: SettingsWatch,
  registries: Registries = builtIn,
): FileWatch {
  let digest = first.digest;
  const timing = { pollMs: watch.pollMs ?? 10_000, quietMs: watch.quietMs ?? 200 };
  return watchFile(first.file, first.text, timing, (text) => {
    const loaded = settingsIn(first.file, text, registries);
    if (!loaded.ok) watch.onProblems(loaded.report);
    else if (loaded.value.digest !== digest) {
      digest = loaded.value.digest;
      watch.onChange(loaded.value);
    }
  });
}

/** Reads one settings file. */
export function loadSettings(
  file: string,
  registries: Registries = builtIn,
): Loaded<LoadedSettings> {
  return settingsIn(file, readText(file), registries);
}

function settingsIn(
  file: string,
  text: string | null,
  registries: Registries,
): Loaded<LoadedSettings> {
  if (text === null) return { ok: false, report: `${file}\n    expected  a readable file` };
  const yaml = readYaml(text);
  if (yaml.problems.length > 0) {
    const lines = yaml.problems.map((one) => `${file}:${one.line}\n    ${one.text}`);
    return { ok: false, report: lines.join('\n') };
  }
  const checked = checkSettings(yaml.value, registries);
  if (!checked.ok) {
    const sorted = checked.problems
      .map((one) => ({ one, line: yaml.lineOf(one.path) }))
      .sort((a, b) => a.line - b.line);
    const lines = sorted.map(({ one, line }) => reportProblem(`${file}:${line}`, one));
    return { ok: false, report: lines.join('\n') };
  }
  const { settings } = checked;
  const digest = createHash('sha256').update(canonicalJson(settings)).digest('hex');
  return { ok: true, value: { settings, digest, file, text } };
}

function findFile(
  named: string | undefined,
  folder: string,
): { readonly file: string; readonly demo: boolean } {
  if (named !== undefined && named !== '') {
    return { file: isAbsolute(named) ? named : resolve(folder, named), demo: false };
  }
  const usual = resolve(folder, 'signalbox.yaml');
  return existsSync(usual) ? { file: usual, demo: false } : { file: demoFile, demo: true };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

function reportVariable(one: Problem): string {
  return reportProblem('environment', one);
}

function reportProblem(where: string, { path, given, expected, meant }: Problem): string {
  const lines = [
    `${where}  ${showPath(path)}`,
    `    given     ${given}`,
    `    expected  ${expected}`,
  ];
  if (meant !== null) lines.push(`    did you mean "${meant}"?`);
  return lines.join('\n');
}

/** The variables of this process as they are, for the command line, which checks its own. */
export function rawEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
