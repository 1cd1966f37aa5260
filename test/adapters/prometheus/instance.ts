import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** A server that answers requests, counts them, and exposes its counters to be scraped. */
export interface Instance {
  readonly address: string;
  readonly url: string;
  /** Sends that many requests; `bad` of them are answered with 500. */
  serve(requests: number, bad?: number): Promise<void>;
  /** Forgets what it counted, as a process that began again. */
  restart(): void;
  /** From now on answers take this long. */
  slow(ms: number): void;
  /**
   * Resolves when that Prometheus has what was counted until now. That it was read is not enough:
   * on a busy machine an answer comes after the time limit of the scrape, and is thrown away.
   */
  keptBy(prometheus: string): Promise<void>;
  close(): void;
}

const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25];

/** Starts an instance with these labels on every series. Its error series begins with an error. */
export async function startInstance(labels: Readonly<Record<string, string>>): Promise<Instance> {
  const codes = new Map<string, number>([['200', 0]]);
  const buckets = [...bounds, Number.POSITIVE_INFINITY].map((bound) => ({ bound, count: 0 }));
  let sum = 0;
  let waitMs = 0;
  const own = Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',');

  function exposition(): string {
    const lines = ['# TYPE http_requests_total counter'];
    for (const [code, count] of codes) {
      lines.push(`http_requests_total{code="${code}",${own}} ${count}`);
    }
    lines.push('# TYPE http_request_duration_seconds histogram');
    for (const { bound, count } of buckets) {
      const le = Number.isFinite(bound) ? String(bound) : '+Inf';
      lines.push(`http_request_duration_seconds_bucket{le="${le}",${own}} ${count}`);
    }
    lines.push(`http_request_duration_seconds_sum{${own}} ${sum}`);
    lines.push(`http_request_duration_seconds_count{${own}} ${buckets.at(-1)?.count ?? 0}`);
    lines.push('# TYPE memory_bytes gauge', `memory_bytes{${own}} ${1e6 + waitMs}`);
    lines.push('# TYPE broken_ratio gauge', `broken_ratio{${own}} NaN`);
    return `${lines.join('\n')}\n`;
  }

  const server = createServer((request, response) => {
    if (request.url === '/metrics') {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(exposition());
      return;
    }
    const code = request.url === '/bad' ? '500' : '200';
    setTimeout(() => {
      const seconds = (waitMs + 1) / 1000;
      codes.set(code, (codes.get(code) ?? 0) + 1);
      for (const bucket of buckets) if (seconds <= bucket.bound) bucket.count += 1;
      sum += seconds;
      response.statusCode = Number(code);
      response.end();
    }, waitMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = server.address();
  if (at === null || typeof at === 'string') throw new Error('No address');
  const address = `127.0.0.1:${at.port}`;
  const url = `http://${address}`;

  return {
    address,
    url,
    async serve(requests, bad = 0) {
      const each = Array.from({ length: requests }, (_, index) =>
        fetch(index < bad ? `${url}/bad` : url).then((response) => response.arrayBuffer()),
      );
      await Promise.all(each);
    },
    restart() {
      codes.clear();
      codes.set('200', 0);
      for (const bucket of buckets) bucket.count = 0;
      sum = 0;
    },
    slow(ms) {
      waitMs = ms;
    },
    async keptBy(prometheus) {
      const query = `sum(http_requests_total{instance="${address}"})`;
      const asked = `${prometheus}/api/v1/query?${new URLSearchParams({ query })}`;
      for (let attempt = 0; attempt < 200; attempt += 1) {
        const counted = [...codes.values()].reduce((sum, count) => sum + count, 0);
        const answer = await (await fetch(asked)).text();
        if (answer.includes(`,"${counted}"]`)) return;
        await pause(50);
      }
      throw new Error('Prometheus does not scrape');
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
