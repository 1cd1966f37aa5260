import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What a cluster for tests is made of; `helm` is for the chart's tests. */
export type Tool =
  | 'etcd'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kwok'
  | 'helm';

const tools: readonly Tool[] = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'helm',
];
const definitions = ['gatewayclasses', 'gateways', 'httproutes'].map(
  (plural) => `gateway.networking.k8s.io_${plural}.yaml`,
);
const module = new URL('./tools/', import.meta.url).pathname;

/** Where the programs are, or null where they can be neither found nor built. */
export function kubernetesTools(): ((tool: Tool) => string) | null {
  const given = process.env['KUBEBUILDER_ASSETS'];
  if (given !== undefined && given !== '') {
    const missing = tools.filter((tool) => !existsSync(join(given, tool)));
    // The field's own bundle has no controllers and no nodes: those come from our module.
    if (missing.length === 0) return (tool) => join(given, tool);
    const built = buildOnce();
    if (built === null) return null;
    return (tool) => join(missing.includes(tool) ? built : given, tool);
  }
  const built = buildOnce();
  return built === null ? null : (tool) => join(built, tool);
}

/**
 * Whether a real API server can run here. When it cannot: one loud line, and the caller skips;
 * with `CI=true` it throws instead, so that a build cannot be green without it.
 */
export function requireKubernetes(): boolean {
  if (kubernetesTools() !== null) return true;
  const message =
    '*** neither KUBEBUILDER_ASSETS nor Go is here: the tests on Kubernetes do not run ***';
  if (process.env['CI'] === 'true') throw new Error(message);
  console.error(message);
  return false;
}

/** The definitions of the Gateway API (standard channel), as YAML. */
export function gatewayDefinitions(): readonly string[] {
  const built = buildOnce();
  if (built === null) throw new Error('The definitions of the Gateway API need Go');
  return definitions.map((name) => readFileSync(join(built, 'crds', name), 'utf8'));
}

/** The version of Kubernetes that the module pins. */
export function kubernetesVersion(): string {
  const pinned = /k8s\.io\/kubernetes (v[\d.]+)/.exec(readFileSync(`${module}go.mod`, 'utf8'));
  return pinned?.[1] ?? 'unknown';
}

/** Builds the programs of the module once per its checksum, outside the repository. */
function buildOnce(): string | null {
  const sums = ['go.mod', 'go.sum'].map((file) => readFileSync(`${module}${file}`));
  const hash = createHash('sha256').update(Buffer.concat(sums)).digest('hex').slice(0, 16);
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const root = join(cache, 'signalbox', 'kube-tools');
  const place = join(root, `${hash}-${process.platform}-${process.arch}`);
  if (existsSync(place)) return place;
  if (!hasGo()) return null;
  mkdirSync(root, { recursive: true });
  console.error('*** building the Kubernetes tools once; this takes some minutes ***');
  const fresh = mkdtempSync(join(root, 'building-'));
  try {
    build(fresh);
    // Two runs may build at once: the first one to end wins.
    if (!existsSync(place)) renameSync(fresh, place);
    return place;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function build(folder: string): void {
  const version = kubernetesVersion();
  const [, major = '1', minor = '0'] = /v(\d+)\.(\d+)/.exec(version) ?? [];
  const stamp = Object.entries({ gitVersion: version, gitMajor: major, gitMinor: minor })
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(' ');
  execFileSync(
    'go',
    [
      'build',
      '-trimpath',
      '-buildvcs=false',
      '-ldflags',
      `-s -w ${stamp}`,
      '-o',
      `${folder}/`,
      'tool',
    ],
    {
      cwd: module,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' },
    },
  );
  renameSync(join(folder, 'server'), join(folder, 'etcd'));
  mkdirSync(join(folder, 'crds'));
  const format = ['list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/gateway-api'];
  const gateway = execFileSync('go', format, { cwd: module, encoding: 'utf8' }).trim();
  for (const name of definitions) {
    copyFileSync(join(gateway, 'config/crd/standard', name), join(folder, 'crds', name));
  }
}

function hasGo(): boolean {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
