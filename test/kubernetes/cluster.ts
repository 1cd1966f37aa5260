import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../servers.ts';
import { gatewayDefinitions, kubernetesTools, type Tool } from './tools.ts';

/** A real control plane on the loopback, with nodes and pods by kwok. */
export interface RunningCluster {
  readonly url: string;
  /** A kubeconfig file of an administrator. */
  readonly kubeconfig: string;
  /** Ends the API server alone, and starts it again on the same port and data. */
  stopApiServer(): Promise<void>;
  startApiServer(): Promise<void>;
  stop(): Promise<void>;
}

/** Go collects its garbage seldom: memory is there for some minutes, time is not. */
const frugal = { GOMAXPROCS: '2', GOGC: '400', GOMEMLIMIT: '1GiB' };
const stages = new URL('./stages.yaml', import.meta.url).pathname;
/** What the administrator of a cluster of the tests shows. */
export const token = 'admin-of-the-tests';

/** Starts etcd and API server; controllers, scheduler and a node, and routes, unless told. */
export async function startCluster(
  options: { readonly controllers?: boolean; readonly routes?: boolean } = {},
): Promise<RunningCluster> {
  const tool = kubernetesTools();
  if (tool === null) throw new Error('There are no Kubernetes tools');
  const home = mkdtempSync(join(tmpdir(), 'signalbox-kubernetes-'));
  const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
  const url = `https://127.0.0.1:${port}`;
  const running = new Map<Tool, ChildProcess>();
  const files = writeFiles(home, url);

  function launch(name: Tool, args: readonly string[]): void {
    const log = openSync(join(home, `${name}.log`), 'a');
    const child = spawn(tool?.(name) ?? '', args, {
      stdio: ['ignore', log, log],
      cwd: home,
      env: { PATH: process.env['PATH'], HOME: home, ...frugal },
    });
    child.unref();
    running.set(name, child);
  }

  async function end(name: Tool): Promise<void> {
    const child = running.get(name);
    running.delete(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async function startApiServer(): Promise<void> {
    launch('kube-apiserver', [
      `--etcd-servers=http://127.0.0.1:${etcdPort}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      '--endpoint-reconciler-type=none',
      `--secure-port=${port}`,
      `--cert-dir=${home}/certificates`,
      `--token-auth-file=${files.tokens}`,
      `--service-account-key-file=${files.accountPublic}`,
      `--service-account-signing-key-file=${files.accountKey}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      '--service-cluster-ip-range=10.96.0.0/16',
      '--authorization-mode=RBAC',
      '--anonymous-auth=false',
      // Its taint goes away with the node life cycle, which does not run here.
      '--disable-admission-plugins=TaintNodesByCondition',
      '--enable-priority-and-fairness=false',
      '--event-ttl=10m',
      '--etcd-compaction-interval=0',
      '--etcd-count-metric-poll-period=0',
    ]);
    await until('the API server is ready', () => isReady(url));
  }

  const kill = (): void => {
    for (const child of running.values()) child.kill('SIGKILL');
  };
  process.once('exit', kill);

  async function stop(): Promise<void> {
    process.off('exit', kill);
    const order = ['kwok', 'kube-scheduler', 'kube-controller-manager', 'kube-apiserver', 'etcd'];
    for (const name of [...running.keys()].sort((a, b) => order.indexOf(a) - order.indexOf(b))) {
      await end(name);
    }
    rmSync(home, { recursive: true, force: true });
  }

  try {
    launch('etcd', [
      `--data-dir=${home}/etcd`,
      `--listen-client-urls=http://127.0.0.1:${etcdPort}`,
      `--advertise-client-urls=http://127.0.0.1:${etcdPort}`,
      `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
      '--unsafe-no-fsync',
      // Nobody else is to be elected, and what it keeps need not outlive it.
      '--heartbeat-interval=500',
      '--election-timeout=2500',
      '--backend-batch-interval=2s',
      '--log-level=error',
    ]);
    await startApiServer();
    if (options.controllers === false) return alone();
    launch('kube-controller-manager', [
      `--kubeconfig=${files.kubeconfig}`,
      `--service-account-private-key-file=${files.accountKey}`,
      '--controllers=deployment-controller,replicaset-controller,garbage-collector-controller,serviceaccount-controller,job-controller,resourcequota-controller',
      '--leader-elect=false',
      '--use-service-account-credentials=false',
      '--secure-port=0',
      '--kube-api-qps=200',
      '--kube-api-burst=400',
    ]);
    launch('kube-scheduler', [
      `--kubeconfig=${files.kubeconfig}`,
      '--leader-elect=false',
      '--secure-port=0',
      '--kube-api-qps=200',
      '--kube-api-burst=400',
    ]);
    launch('kwok', [
      `--kubeconfig=${files.kubeconfig}`,
      '--manage-all-nodes',
      `--config=${stages}`,
    ]);
    await createNode(url);
    if (options.routes !== false) await defineGateways(url);
  } catch (error) {
    const said = [...running.keys()].map((name) => `${name}: ${tail(join(home, `${name}.log`))}`);
    await stop();
    throw new Error(`The cluster did not start.\n${said.join('\n')}`, { cause: error });
  }
  return alone();

  function alone(): RunningCluster {
    return {
      url,
      kubeconfig: files.kubeconfig,
      stopApiServer: () => end('kube-apiserver'),
      startApiServer,
      stop,
    };
  }
}

/** A kubeconfig file for one user of a cluster. */
export function kubeconfigFor(url: string, user: unknown): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    clusters: [{ name: 'test', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'test', user }],
  });
}

/** Asks the API server as its administrator: with text as it is, with the rest as JSON. */
export function askApi(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  contentType = 'application/json',
): Promise<{ readonly status: number; readonly body: unknown }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, url),
      {
        method,
        rejectUnauthorized: false,
        timeout: 20_000,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': contentType,
          accept: 'application/json',
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: parsed(text) });
        });
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function writeFiles(home: string, url: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  mkdirSync(join(home, 'certificates'));
  const write = (name: string, text: string): string => {
    writeFileSync(join(home, name), text, { mode: 0o600 });
    return join(home, name);
  };
  return {
    accountKey: write('account.key', privateKey),
    accountPublic: write('account.pub', publicKey),
    tokens: write('tokens.csv', `${token},admin,admin,system:masters\n`),
    kubeconfig: write('admin.kubeconfig', kubeconfigFor(url, { token })),
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await askApi(url, 'GET', '/readyz')).status === 200;
  } catch {
    return false;
  }
}

async function createNode(url: string): Promise<void> {
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node-1', annotations: { 'kwok.x-k8s.io/node': 'fake' } },
  };
  const { status, body } = await askApi(url, 'POST', '/api/v1/nodes', node);
  if (status !== 201) throw new Error(`The node was refused: ${JSON.stringify(body)}`);
}

async function defineGateways(url: string): Promise<void> {
  const root = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  for (const text of gatewayDefinitions()) {
    const { status, body } = await askApi(url, 'POST', root, text, 'application/yaml');
    if (status !== 201) throw new Error(`A definition was refused: ${JSON.stringify(body)}`);
  }
  await until('routes are served', async () => {
    const { status } = await askApi(url, 'GET', '/apis/gateway.networking.k8s.io/v1/httproutes');
    return status === 200;
  });
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`It did not come about that ${what}`);
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').split('\n').slice(-12).join('\n');
}
