import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

export type ServerKind = 'postgres' | 'redis' | 'prometheus' | 'alertmanager';

/** A real server that runs on a free loopback port until it is stopped. */
export interface RunningServer {
  readonly url: string;
  readonly pid: number;
  /** Ends the process and removes its files. */
  stop(): Promise<void>;
}

/** One that can be down for a while. */
export interface FallibleServer extends RunningServer {
  /** Ends the process at once and leaves its files. */
  fall(): Promise<void>;
  /** Starts it again, at the same address. */
  rise(): Promise<void>;
}

/**
 * Whether the server is installed here. When it is not: one loud line, and the caller skips; with
 * `CI=true` it throws instead, so that a build cannot be green without it.
 */
export function requireServer(kind: ServerKind): boolean {
  if (binaryOf(kind) !== null) return true;
  const message = `*** ${kind} is not installed: the tests that need it do not run ***`;
  if (process.env['CI'] === 'true') throw new Error(message);
  console.error(message);
  return false;
}

/**
 * A Postgres cluster of its own: no Unix socket, everybody trusted on the loopback. It syncs to
 * disk only with `durable`, which benchmarks need and tests do not.
 */
export async function startPostgres(
  options: { readonly durable?: boolean } = {},
): Promise<FallibleServer> {
  const [initdb, postgres] = [postgresBinary('initdb'), postgresBinary('postgres')];
  if (initdb === null || postgres === null) throw new Error('Postgres is not installed');
  const home = mkdtempSync(join(tmpdir(), 'signalbox-postgres-'));
  const owner = unprivileged();
  if (owner.uid !== undefined) chownSync(home, owner.uid, owner.gid ?? owner.uid);
  const data = join(home, 'data');
  const init = ['-D', data, '-U', 'signalbox', '-A', 'trust', '-E', 'UTF8', '--locale=C'];
  execFileSync(initdb, [...init, '--no-sync'], { ...owner, cwd: home, stdio: 'pipe' });
  const port = await freePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'max_connections=100',
    ...(options.durable === true ? [] : ['fsync=off', 'full_page_writes=off']),
  ];
  const launch = (): ChildProcess =>
    spawn(postgres, ['-D', data, ...settings.flatMap((each) => ['-c', each])], {
      ...owner,
      cwd: home,
      stdio: 'ignore',
      detached: true,
    });
  const url = `postgres://signalbox@127.0.0.1:${port}/postgres`;
  return fallible({ launch, url, home, signal: 'SIGINT', ready: () => answers(url) });
}

/** A Redis server of its own that keeps nothing on disk. */
export async function startRedis(): Promise<FallibleServer> {
  const redis = redisBinary();
  if (redis === null) throw new Error('Redis is not installed');
  const home = mkdtempSync(join(tmpdir(), 'signalbox-redis-'));
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', home];
  const launch = (): ChildProcess =>
    spawn(redis, [...options, '--appendonly', 'no'], { stdio: 'ignore', detached: true });
  const url = `redis://127.0.0.1:${port}`;
  return fallible({ launch, url, home, signal: 'SIGTERM', ready: () => accepts(port) });
}

/** Makes an empty database on a server and returns its URL. */
export async function createDatabase(serverUrl: string): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/**
 * A Prometheus that scrapes some addresses (`host:port`), each with labels, and forgets everything
 * when it stops.
 */
export async function startPrometheus(options: {
  readonly scrapeEvery: string;
  readonly targets: readonly {
    readonly address: string;
    readonly labels?: Readonly<Record<string, string>>;
  }[];
  /** Rules of alerts, and the addresses of the Alertmanagers that hear of them. */
  readonly alerts?: { readonly rules: readonly object[]; readonly to: readonly string[] };
  /** A free one, where somebody has to know it before. */
  readonly port?: number;
}): Promise<RunningServer> {
  const binary = binaryOf('prometheus');
  if (binary === null) throw new Error('Prometheus is not installed');
  const home = mkdtempSync(join(tmpdir(), 'signalbox-prometheus-'));
  const file = join(home, 'prometheus.json');
  const everything = options.targets.map(({ address, labels }) => ({
    targets: [address],
    labels: labels ?? {},
  }));
  const { rules = [], to = [] } = options.alerts ?? {};
  writeFileSync(join(home, 'rules.json'), JSON.stringify({ groups: [{ name: 'tests', rules }] }));
  // JSON is YAML.
  const config = {
    global: {
      scrape_interval: options.scrapeEvery,
      scrape_timeout: options.scrapeEvery,
      evaluation_interval: options.scrapeEvery,
    },
    rule_files: ['rules.json'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: to }] }] },
    scrape_configs: [{ job_name: 'tests', honor_labels: true, static_configs: everything }],
  };
  writeFileSync(file, JSON.stringify(config));
  const port = options.port ?? (await freePort());
  const child = spawn(
    binary,
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(home, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=native-histograms',
      '--log.level=error',
    ],
    { cwd: home, stdio: 'ignore', detached: true },
  );
  const url = `http://127.0.0.1:${port}`;
  const server = running(child, url, home, 'SIGKILL');
  // It takes up its targets some seconds after its start.
  await untilReady(server, async () => (await scraped(url)) >= options.targets.length, 1000);
  return server;
}

/**
 * An Alertmanager that groups by the name of the alert and tells a webhook at once, with a bearer
 * token. Several of them on one webhook are a pair that has lost sight of each other.
 */
export async function startAlertmanager(webhook: {
  readonly url: string;
  readonly token: string;
}): Promise<RunningServer & { readonly address: string }> {
  const binary = binaryOf('alertmanager');
  if (binary === null) throw new Error('Alertmanager is not installed');
  const home = mkdtempSync(join(tmpdir(), 'signalbox-alertmanager-'));
  const times = { group_wait: '0s', group_interval: '1s', repeat_interval: '1m' };
  const http = { authorization: { type: 'Bearer', credentials: webhook.token } };
  const config = {
    route: { receiver: 'signalbox', group_by: ['alertname'], ...times },
    receivers: [{ name: 'signalbox', webhook_configs: [{ url: webhook.url, http_config: http }] }],
  };
  writeFileSync(join(home, 'alertmanager.json'), JSON.stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    binary,
    [
      `--config.file=${join(home, 'alertmanager.json')}`,
      `--storage.path=${join(home, 'data')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
      '--log.level=error',
    ],
    { cwd: home, stdio: 'ignore', detached: true },
  );
  const url = `http://${address}`;
  const server = running(child, url, home, 'SIGKILL');
  await untilReady(server, async () => {
    try {
      return (await fetch(`${url}/-/ready`)).ok;
    } catch {
      return false;
    }
  });
  return { ...server, address };
}

/** How many targets a Prometheus has scraped so far. */
async function scraped(url: string): Promise<number> {
  try {
    const answer = await fetch(`${url}/api/v1/query?query=up`);
    return (await answer.text()).split('"__name__":"up"').length - 1;
  } catch {
    return 0;
  }
}

function binaryOf(kind: ServerKind): string | null {
  switch (kind) {
    case 'postgres':
      return postgresBinary('postgres');
    case 'redis':
      return redisBinary();
    case 'prometheus': {
      const places = ['/usr/bin/prometheus', '/usr/local/bin/prometheus'];
      return places.find((path) => existsSync(path)) ?? null;
    }
    case 'alertmanager': {
      const places = ['/usr/bin/prometheus-alertmanager', '/usr/local/bin/alertmanager'];
      return places.find((path) => existsSync(path)) ?? null;
    }
  }
}

function postgresBinary(name: string): string | null {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).toSorted().toReversed() : [];
  const places = [...versions.map((version) => join(root, version, 'bin')), '/usr/local/bin'];
  return places.map((place) => join(place, name)).find((path) => existsSync(path)) ?? null;
}

function redisBinary(): string | null {
  const places = ['/usr/bin', '/usr/local/bin'];
  const names = ['redis-server', 'valkey-server'];
  const paths = places.flatMap((place) => names.map((name) => join(place, name)));
  return paths.find((path) => existsSync(path)) ?? null;
}

/** Postgres refuses to run as root: then somebody without rights runs it. */
function unprivileged(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number =>
        Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: 'pipe' }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // No such user here: the next one may exist.
    }
  }
  return {};
}

async function fallible(one: {
  readonly launch: () => ChildProcess;
  readonly url: string;
  readonly home: string;
  readonly signal: NodeJS.Signals;
  readonly ready: () => Promise<boolean>;
}): Promise<FallibleServer> {
  const begin = async (): Promise<{ child: ChildProcess; server: RunningServer }> => {
    const child = one.launch();
    const server = running(child, one.url, one.home, one.signal);
    await untilReady(server, one.ready);
    return { child, server };
  };
  let { child, server } = await begin();
  return {
    url: one.url,
    get pid() {
      return server.pid;
    },
    stop: () => server.stop(),
    async fall() {
      child.ref();
      const gone = once(child, 'exit');
      child.kill('SIGQUIT');
      await gone;
    },
    async rise() {
      ({ child, server } = await begin());
    },
  };
}

function running(
  child: ChildProcess,
  url: string,
  home: string,
  signal: NodeJS.Signals,
): RunningServer {
  child.unref();
  // A run that crashes takes its servers with it.
  const end = (): boolean => child.kill('SIGQUIT');
  process.once('exit', end);
  const pid = child.pid;
  if (pid === undefined) throw new Error('The server did not start');
  return {
    url,
    pid,
    async stop() {
      process.off('exit', end);
      if (child.exitCode === null && child.signalCode === null) {
        child.ref();
        const gone = once(child, 'exit');
        child.kill(signal);
        await gone;
      }
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function untilReady(
  server: RunningServer,
  ready: () => Promise<boolean>,
  attempts = 300,
): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (await ready()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await server.stop();
  throw new Error('The server did not answer in time');
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/**
 * A port that nothing listens on just now, below those that systems give to outgoing connections:
 * one of these could be taken before whoever asked listens.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) return port;
  }
  throw new Error('No port is free');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
