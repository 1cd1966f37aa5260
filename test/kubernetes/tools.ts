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
  writeFileSync,
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
/** No test makes anything else of the Gateway API. */
const definitions = ['gateway.networking.k8s.io_httproutes.yaml'];
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
  // Files of tests run side by side: one of them builds, the others wait for it.
  return alone(`${place}.lock`, () => {
    if (existsSync(place)) return place;
    console.error('*** building the Kubernetes tools once; this takes some minutes ***');
    const fresh = mkdtempSync(join(root, 'building-'));
    try {
      build(fresh);
      renameSync(fresh, place);
      return place;
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  });
}

/** Does something while no other process does; the lock of a process that has died counts no more. */
function alone<Value>(lock: string, act: () => Value): Value {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; !takes(lock); waited += 1) {
    if (waited > 3600) throw new Error(`${lock} has been held for an hour: remove it`);
    Atomics.wait(pause, 0, 0, 1000);
  }
  try {
    return act();
  } finally {
    rmSync(lock, { force: true });
  }
}

function takes(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
    if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true });
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function build(folder: string): void {
  const version = kubernetesVersion();
  const [, major = '1', minor = '0'] = /v(\d+)\.(\d+)/.exec(version) ?? [];
  const stamp = Object.entries({ gitVersion: version, gitMajor: major, gitMinor: minor })
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(' ');
  download();
  go([
    'build',
    '-trimpath',
    '-buildvcs=false',
    '-ldflags',
    `-s -w ${stamp}`,
    '-o',
    `${folder}/`,
    'tool',
  ]);
  renameSync(join(folder, 'server'), join(folder, 'etcd'));
  mkdirSync(join(folder, 'crds'));
  const format = ['list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/gateway-api'];
  const gateway = execFileSync('go', format, { cwd: module, encoding: 'utf8' }).trim();
  for (const name of definitions) {
    copyFileSync(join(gateway, 'config/crd/standard', name), join(folder, 'crds', name));
  }
}

/** Downloads fail now and then; what has come stays. */
function download(): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      go(['mod', 'download']);
      return;
    } catch (cause) {
      if (attempt < 3) continue;
      const message =
        'The modules of test/kubernetes/tools cannot be downloaded: see GOPROXY, or set KUBEBUILDER_ASSETS';
      throw new Error(message, { cause });
    }
  }
}

function go(words: readonly string[]): void {
  execFileSync('go', words, {
    cwd: module,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { GOTOOLCHAIN: 'auto', ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' },
  });
}

function hasGo(): boolean {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
