import { describe, expect, it } from 'vitest';
import { startProbeServer } from '#adapters/probes/probe-server.ts';

async function ask(url: string, method = 'GET') {
  const response = await fetch(url, { method });
  return [response.status, await response.text()];
}

describe('the probes of a process without a console', () => {
  it('say that it lives, whether it is ready, and what it counted', async () => {
    let ready = true;
    const server = await startProbeServer(
      {
        ready: async () => ({ ready, checks: { store: ready ? 'ok' : 'out of reach' } }),
        metricsText: async () => 'signalbox_store_up 1\n',
      },
      { host: '127.0.0.1', port: 0 },
    );
    const url = `http://127.0.0.1:${server.port}`;
    expect(await ask(`${url}/healthz`)).toEqual([200, 'ok\n']);
    expect(await ask(`${url}/readyz?now`)).toEqual([200, 'ready\nstore: ok\n']);
    expect(await ask(`${url}/metrics`)).toEqual([200, 'signalbox_store_up 1\n']);
    ready = false;
    expect(await ask(`${url}/readyz`)).toEqual([503, 'not ready\nstore: out of reach\n']);
    expect((await ask(`${url}/`))[0]).toBe(404);
    expect((await ask(`${url}/metrics`, 'POST'))[0]).toBe(404);
    await server.close();
    await expect(fetch(url)).rejects.toThrow();
  });

  it('say trouble, and live on', async () => {
    const trouble = async () => {
      throw new Error('a bug');
    };
    const server = await startProbeServer(
      { ready: trouble, metricsText: trouble },
      { host: '127.0.0.1', port: 0 },
    );
    const url = `http://127.0.0.1:${server.port}`;
    expect(await ask(`${url}/readyz`)).toEqual([500, 'trouble\n']);
    expect(await ask(`${url}/healthz`)).toEqual([200, 'ok\n']);
    await server.close();
  });
});
