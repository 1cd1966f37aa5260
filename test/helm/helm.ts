import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { kubernetesTools } from '../kubernetes/tools.ts';

/** An object as the chart renders it. */
export const Rendered = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
});
export type Rendered = z.infer<typeof Rendered>;

const chart = new URL('../../helm/signalbox', import.meta.url).pathname;

/** What helm said, or the objects that came. */
export type Rendering =
  | { readonly ok: true; readonly objects: readonly Rendered[] }
  | { readonly ok: false; readonly said: string };

/** Renders the chart with some values, as `helm template` does. */
export function render(values: unknown, namespace = 'signalbox', release = 'signalbox'): Rendering {
  const said = helm(['template', release, chart, '--namespace', namespace], values);
  if (!said.ok) return said;
  const documents = parseAllDocuments(said.text).map((one) => one.toJS());
  return {
    ok: true,
    objects: documents.filter((one) => one !== null).map((one) => Rendered.parse(one)),
  };
}

/** What `helm lint --strict` says of the chart with some values. */
export function lint(values: unknown) {
  return helm(['lint', '--strict', chart], values);
}

/** Has helm do something with a release of the chart in a cluster; resolves with what it said. */
export async function manage(
  verb: 'install' | 'upgrade' | 'uninstall',
  release: string,
  where: { readonly kubeconfig: string; readonly namespace: string },
  values: unknown = {},
): Promise<string> {
  const tool = kubernetesTools();
  if (tool === null) throw new Error('There is no helm');
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-helm-'));
  const file = join(folder, 'values.json');
  writeFileSync(file, JSON.stringify(values));
  const given = verb === 'uninstall' ? [] : [chart, '--values', file];
  const common = ['--wait', '--timeout', '60s', '--namespace', where.namespace];
  const words = [verb, release, ...given, ...common, '--kubeconfig', where.kubeconfig];
  try {
    const env = { PATH: process.env['PATH'], HOME: folder };
    const { stdout } = await promisify(execFile)(tool('helm'), words, { cwd: folder, env });
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function helm(words: readonly string[], values: unknown) {
  const tool = kubernetesTools();
  if (tool === null) throw new Error('There is no helm');
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-helm-'));
  const file = join(folder, 'values.json');
  writeFileSync(file, JSON.stringify(values));
  try {
    const options = { encoding: 'utf8', stdio: 'pipe', cwd: folder } as const;
    const text = execFileSync(tool('helm'), [...words, '--values', file], options);
    return { ok: true, text } as const;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    return { ok: false, said } as const;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
