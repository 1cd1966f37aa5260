import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openConnection } from '#adapters/kubernetes/connection.ts';
import { createTransport } from '#adapters/kubernetes/transport.ts';
import { kubeconfigFor } from '../../kubernetes/cluster.ts';

it('answers beside a hundred watches: no request waits for one of them to end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-transport-'));
  let watches = 0;
  const server = createServer((request, response) => {
    if (request.url !== '/watch') return response.end('here');
    watches += 1;
    return response.writeHead(200).flushHeaders();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, kubeconfigFor(`http://127.0.0.1:${port}`, {}));
  const transport = createTransport(openConnection({ kind: 'kubeconfig', file }));
  const stopping = new AbortController();
  const watch = { method: 'GET', path: '/watch', what: 'Watching' } as const;
  const running = Array.from({ length: 100 }, () =>
    transport.lines(watch, () => {}, stopping.signal),
  );

  await expect.poll(() => watches, { timeout: 15_000 }).toBe(100);
  expect(await transport.ask({ method: 'GET', path: '/', what: 'Asking' })).toBe('here');

  stopping.abort();
  await Promise.all(running);
  transport.close();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});
