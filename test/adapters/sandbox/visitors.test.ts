import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createVisitors, type Visitors } from '#adapters/sandbox/visitors.ts';
import { sleep, until } from './bench.ts';

const whole = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const untold = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n';

describe('visitors of a sandbox place', () => {
  let server: Server;
  let visitors: Visitors;
  afterEach(() => {
    visitors.close();
    server.close();
  });

  /** A server that answers each request with these parts, and what it was asked on which connection. */
  async function answering(parts: readonly string[]) {
    const asked: { readonly connection: number; readonly text: string }[] = [];
    let connections = 0;
    server = createServer((socket: Socket) => {
      connections += 1;
      const connection = connections;
      socket.on('error', () => {});
      socket.setEncoding('utf8').on('data', async (text: string) => {
        asked.push({ connection, text });
        for (const part of parts) {
          socket.write(part);
          await sleep(5);
        }
        if (parts.length === 0) socket.destroy();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    visitors = createVisitors(address.port);
    return asked;
  }

  const allLeft = () =>
    until(
      'alone',
      async () => visitors.underWay(),
      (count) => count === 0,
    );

  it.each<[string, readonly string[], readonly number[]]>([
    ['comes whole', [whole], [1, 1]],
    ['comes in pieces', ['HTTP/1.1 500 Oh\r\ncontent-le', 'ngth: 5\r\n\r', '\nhel', 'lo'], [1, 1]],
    ['is empty', ['HTTP/1.1 204 None\r\ncontent-length: 0\r\n\r\n'], [1, 1]],
    ['does not tell its length', [untold], [1, 2]],
    ['is longer than it tells', [`${whole}!`], [1, 2]],
    ['breaks off', [], [1, 2]],
  ])('go when the answer %s, and the next finds a connection', async (_name, parts, expected) => {
    const asked = await answering(parts);
    for (const at of [1000.5, 2000]) {
      visitors.send(at);
      expect(visitors.underWay()).toBe(1);
      await allLeft();
    }
    expect(asked.map(({ connection }) => connection)).toEqual(expected);
    expect(asked[0]?.text).toMatch(/^GET \/ HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/);
    expect(asked.map(({ text }) => /x-sandbox-due: (.*)\r\n/.exec(text)?.[1])).toEqual([
      '1000.500',
      '2000.000',
    ]);
  });

  it('do not wait for each other', async () => {
    const asked = await answering(['HTTP/1.1 200 OK\r\n']);
    for (const at of [1, 2, 3]) visitors.send(at);
    await until(
      'asked',
      async () => asked.length,
      (count) => count === 3,
    );
    expect(visitors.underWay()).toBe(3);
    expect(new Set(asked.map(({ connection }) => connection)).size).toBe(3);
  });
});
