import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryDirectory } from '#adapters/memory/directory.ts';
import { createOnCall } from '#adapters/on-call/index.ts';
import type { OnCallAnswer } from '#ports/on-call.ts';
import { silentLog } from '../silent.ts';

const token = 'the-token-of-on-call';
const about = { service: 'shop', environment: 'production' };

/** Answers by path; what it does not know is 404. */
const answers = new Map<string, { status?: number; body: unknown; headers?: object }>();
const asked: IncomingMessage[] = [];
let server: Server;
let url = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request);
    const answer = answers.get(decodeURIComponent(request.url ?? ''));
    const body = answer?.body ?? {};
    response
      .writeHead(answer?.status ?? (answer === undefined ? 404 : 200), { ...answer?.headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  url = `http://127.0.0.1:${address.port}`;
});

afterAll(() => server.close());

function who(adapter: string, options: object, service = 'shop'): Promise<OnCallAnswer> {
  const setup = { adapter, options: { url, ...options }, token, people: {}, log: silentLog };
  return createOnCall({ ...setup, directory: () => undefined }).who({ ...about, service });
}

const pagerDuty = '/oncalls?schedule_ids[]=PSCHED&earliest=true';

describe('who is on call', () => {
  it('by PagerDuty: the first level of the schedule, each once', async () => {
    const call = (summary: string, level: number) => ({
      user: { id: 'P1', type: 'user_reference', summary },
      schedule: { id: 'PSCHED' },
      escalation_level: level,
    });
    const oncalls = [call('Grace Hopper', 2), call('Ada Lovelace', 1), call('Ada Lovelace', 1)];
    answers.set(pagerDuty, { body: { oncalls, limit: 25, more: false } });
    expect(await who('pagerduty', { schedule: 'PSCHED' })).toEqual({
      people: ['Ada Lovelace'],
      because: 'by PagerDuty',
    });
    expect(asked.at(-1)?.headers).toMatchObject({
      authorization: `Token token=${token}`,
      accept: 'application/vnd.pagerduty+json;version=2',
    });
  });

  it('by another schedule for another service', async () => {
    const path = '/oncalls?schedule_ids[]=PAPI&earliest=true';
    answers.set(path, { body: { oncalls: [{ user: { summary: 'Linus' } }] } });
    const options = { schedule: 'PSCHED', services: { api: 'PAPI' } };
    expect((await who('pagerduty', options, 'api')).people).toEqual(['Linus']);
  });

  it('by Opsgenie', async () => {
    const body = { data: { _parent: { id: 's' }, onCallRecipients: ['ada@example.org'] } };
    answers.set('/v2/schedules/the rota/on-calls?flat=true', { body });
    expect(await who('opsgenie', { schedule: 'the rota' })).toEqual({
      people: ['ada@example.org'],
      because: 'by Opsgenie',
    });
    expect(asked.at(-1)?.headers.authorization).toBe(`GenieKey ${token}`);
  });

  it('by Grafana OnCall, which names users by id', async () => {
    answers.set('/api/v1/schedules/SBM7/', { body: { id: 'SBM7', on_call_now: ['U1', 'U2'] } });
    answers.set('/api/v1/users/U1/', { body: { id: 'U1', username: 'ada' } });
    answers.set('/api/v1/users/U2/', { body: { id: 'U2', username: 'grace', name: 'Grace' } });
    expect(await who('grafana', { schedule: 'SBM7' })).toEqual({
      people: ['ada', 'Grace'],
      because: 'by Grafana OnCall',
    });
    expect(asked.at(-1)?.headers.authorization).toBe(token);
  });

  it.each([
    ['nobody', { body: { oncalls: [] } }, 'PagerDuty names nobody'],
    ['an error', { status: 500, body: '' }, 'PagerDuty could not be asked: it answers 500'],
    [
      'another form',
      { body: { users: [] } },
      'PagerDuty could not be asked: its answer cannot be read',
    ],
    ['no JSON', { body: '<html>' }, 'PagerDuty could not be asked'],
    [
      'a redirection',
      { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } },
      'PagerDuty could not be asked: it answers 302',
    ],
  ])('is nobody, with the reason, when the answer is %s', async (_, answer, because) => {
    answers.set(pagerDuty, answer);
    expect(await who('pagerduty', { schedule: 'PSCHED' })).toEqual({ people: [], because });
  });

  it('is nobody when nothing answers at all', async () => {
    const options = { schedule: 'PSCHED', url: 'http://127.0.0.1:9' };
    expect(await who('pagerduty', options)).toEqual({
      people: [],
      because: 'PagerDuty could not be asked',
    });
  });
});

describe('who is on call by membership', () => {
  function membership(people: Parameters<typeof createOnCall>[0]['people']) {
    const clock = { now: () => 0 };
    const directory = createMemoryDirectory({ platform: 'slack', tenant: 'T1', clock });
    const options = { platform: 'slack', tenant: 'T1', channel: 'C1' };
    const grant = directory.world.channel('C1');
    const source = createOnCall({
      adapter: 'channel',
      options,
      token: null,
      people,
      directory: (platform) => (platform === 'slack' ? directory.directory : undefined),
      log: silentLog,
    });
    return { directory, grant, source };
  }
  const account = (user: string) => ({ platform: 'slack', tenant: 'T1', user });
  const people = {
    ada: { name: 'Ada', accounts: [account('U1')] },
    grace: { name: 'Grace', accounts: [account('U2')] },
    eve: { name: 'Eve', accounts: [] },
  };

  it('is whoever of the known people is in the channel', async () => {
    const { directory, grant, source } = membership(people);
    for (const user of ['U1', 'U2']) directory.world.person(user);
    directory.world.join(grant, account('U2'));
    expect(await source.who(about)).toEqual({ people: ['Grace'], because: 'members on slack' });
  });

  it('is nobody while the platform cannot be asked', async () => {
    const { directory, source } = membership(people);
    directory.world.outage(true);
    expect(await source.who(about)).toEqual({ people: [], because: 'slack could not be asked' });
  });
});
