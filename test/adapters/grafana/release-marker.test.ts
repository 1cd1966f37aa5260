import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGrafanaMarker, GrafanaMarks } from '#adapters/grafana/index.ts';
import { markReleases } from '#app/mark-releases.ts';
import { Fault } from '#core/fault.ts';
import type { ReleaseMark } from '#ports/release-marker.ts';
import { memoryWorld } from '../../app/memory-world.ts';
import { silentLog } from '../silent.ts';

/** As much of Grafana's annotations as we use: list by tag, create, patch. */
interface Kept {
  readonly id: number;
  readonly [member: string]: unknown;
}
let kept: Kept[] = [];
let asked: string[] = [];
let refuse: number | null = null;
let server: Server;
let url = '';

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const { method = '', headers } = request;
    const at = new URL(request.url ?? '', 'http://grafana');
    asked.push(`${method} ${at.pathname}`);
    if (refuse !== null) {
      response.writeHead(refuse, { location: 'http://127.0.0.1:1/' }).end('no');
      return;
    }
    if (headers.authorization !== 'Bearer the-token') {
      response.writeHead(401).end('{"message":"Unauthorized"}');
      return;
    }
    if (method === 'GET') {
      const tag = at.searchParams.get('tags') ?? '';
      const found = kept.filter(({ tags }) => Array.isArray(tags) && tags.includes(tag));
      response.end(JSON.stringify(found.slice(0, Number(at.searchParams.get('limit')))));
      return;
    }
    if (method === 'POST') {
      kept.push({ id: kept.length + 1, ...body });
    } else {
      const id = Number(at.pathname.split('/').at(-1));
      kept = kept.map((one) => (one.id === id ? { ...one, ...body } : one));
    }
    response.end('{"message":"ok"}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = typeof address === 'object' ? `http://127.0.0.1:${address?.port}/grafana/` : '';
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  kept = [];
  asked = [];
  refuse = null;
});

const mark: ReleaseMark = {
  rollout: 'shop-7',
  from: 1_790_000_000_000,
  to: null,
  text: 'shop to <v2> in production: progressing',
  tags: ['signalbox', 'service:shop'],
};

function marker(more: object = {}, token: string | null = 'the-token') {
  return createGrafanaMarker({ options: GrafanaMarks.parse({ url, ...more }), token });
}

describe('a release in Grafana', () => {
  it('is one annotation, from its beginning to its end', async () => {
    const grafana = marker({ tags: ['team:web'], dashboard: 'abc' });
    await grafana.mark(mark);
    await grafana.mark(mark);
    expect(asked.filter((one) => one.startsWith('POST'))).toEqual([
      'POST /grafana/api/annotations',
    ]);
    const tags = ['signalbox', 'service:shop', 'team:web', 'rollout:shop-7'];
    const text = 'shop to &lt;v2&gt; in production: progressing';
    const first = { time: mark.from, timeEnd: mark.from, tags, text, dashboardUID: 'abc' };
    expect(kept).toEqual([{ id: 1, ...first }]);
    await grafana.mark({ ...mark, to: mark.from + 60_000, text: 'shop: succeeded' });
    await grafana.mark({ ...mark, to: mark.from + 60_000, text: 'shop: succeeded' });
    expect(kept).toEqual([
      { id: 1, ...first, timeEnd: mark.from + 60_000, text: 'shop: succeeded' },
    ]);
    expect(asked.filter((one) => one.startsWith('PATCH'))).toHaveLength(1);
  });

  it.each([
    [503, 'marks.unavailable', true],
    [429, 'marks.unavailable', true],
    [403, 'marks.rejected', false],
    [302, 'marks.rejected', false],
  ])('is a fault when it answers %d', async (status, code, retryable) => {
    refuse = status;
    const thrown = await marker()
      .mark(mark)
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Fault);
    expect(thrown).toMatchObject({ code, retryable });
    expect(asked).toHaveLength(1);
  });

  it('is a fault without a token, and where nothing listens', async () => {
    await expect(marker({}, null).mark(mark)).rejects.toMatchObject({ code: 'marks.rejected' });
    await expect(marker({ url: 'http://127.0.0.1:1' }).mark(mark)).rejects.toMatchObject({
      code: 'marks.unavailable',
    });
  });

  it('takes no secret in its address', () => {
    expect(GrafanaMarks.safeParse({ url: 'https://a:b@grafana' }).success).toBe(false);
  });
});

describe('the chore that marks', () => {
  it('follows a release through, and a Grafana that is away', async () => {
    const rig = memoryWorld();
    const chore = markReleases({ ...rig.world, log: silentLog }, () => ({ main: marker() }));
    await chore();
    const requested = await rig.deploy('v2');
    await rig.drive(3);
    await chore();
    // It waits for approval: nothing was touched yet.
    expect(asked).toEqual([]);
    const id = requested.ok ? requested.value.id : '';
    await rig.approve(id);
    await rig.drive(20);
    refuse = 503;
    await chore();
    expect(kept).toEqual([]);
    refuse = null;
    await chore();
    const text = 'shop to v2 in production: progressing';
    expect(kept).toMatchObject([{ text, tags: expect.arrayContaining([`rollout:${id}`]) }]);
    await rig.drive(150);
    await chore();
    expect(kept).toMatchObject([{ text: 'shop to v2 in production: succeeded' }]);
    expect(Number(kept[0]?.['timeEnd'])).toBeGreaterThan(Number(kept[0]?.['time']));
    const { length } = asked;
    await chore();
    expect(asked).toHaveLength(length);
  });

  it('marks once more after a restart, and nothing twice', async () => {
    const rig = memoryWorld();
    const requested = await rig.deploy('v2');
    await rig.drive(2);
    await rig.approve(requested.ok ? requested.value.id : '');
    await rig.drive(20);
    for (let process = 0; process < 3; process += 1) {
      await markReleases({ ...rig.world, log: silentLog }, () => ({ main: marker() }))();
    }
    expect(kept).toHaveLength(1);
  });
});

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const read: unknown = text === '' ? {} : JSON.parse(text);
  return typeof read === 'object' && read !== null ? { ...read } : {};
}
