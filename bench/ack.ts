import { type ChildProcess, fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';

/**
 * A burst of 500 slash commands at one instant, signed and over loopback: a durable, authorised
 * acknowledgement through the bus on the embedded database, beside a raw Bolt app that only
 * acknowledges. Servers run in processes of their own and take turns. Prints a table of medians;
 * exits with 1 when a promise is broken.
 */
const burst = 500;
const rounds = Number(process.argv[2] ?? 7);
const promised = { busOverRaw: 1.5, hundredOverOne: 1.1 } as const;
const signingSecret = 'a secret of this bench alone';

interface Subject {
  readonly name: string;
  readonly child: ChildProcess;
  readonly port: number;
  readonly agent: Agent;
  readonly p50: number[];
  readonly p99: number[];
  /** Commands already authorised when the last acknowledgement of the burst was in. */
  readonly authorised: number[];
}

async function start(name: string, ...args: readonly string[]): Promise<Subject> {
  const child = fork(new URL('./ack-server.ts', import.meta.url), [...args]);
  const [{ port }] = await once(child, 'message');
  const agent = new Agent({ keepAlive: true, maxSockets: burst });
  return { name, child, port, agent, p50: [], p99: [], authorised: [] };
}

/** One signed slash command; resolves with the milliseconds until its whole answer was in. */
function send({ port, agent }: Subject, id: string): Promise<number> {
  const body = new URLSearchParams({
    command: '/release',
    text: 'ping-0',
    team_id: 'T1',
    team_domain: 'bench',
    channel_id: 'C1',
    channel_name: 'releases',
    user_id: 'U1',
    user_name: 'ada',
    api_app_id: 'A1',
    response_url: `https://hooks.slack.com/commands/T1/${id}`,
    trigger_id: id,
  }).toString();
  const timestamp = Math.floor(Date.now() / 1000).toString();
  const digest = createHmac('sha256', signingSecret)
    .update(`v0:${timestamp}:${body}`)
    .digest('hex');
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(body),
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${digest}`,
    };
    const options = {
      host: '127.0.0.1',
      port,
      path: '/slack/events',
      method: 'POST',
      agent,
      headers,
    };
    const sent = request(options, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - startedAt);
        else reject(new Error(`answered ${response.statusCode}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function measure(subject: Subject, round: number): Promise<void> {
  const sends = Array.from({ length: burst }, (_, index) => send(subject, `${round}-${index}`));
  const times = (await Promise.all(sends)).sort((a, b) => a - b);
  const told = once(subject.child, 'message');
  subject.child.send('idle');
  const [{ authorised }] = await told;
  if (round < 0) return;
  subject.p50.push(times[Math.floor(burst * 0.5)] ?? 0);
  subject.p99.push(times[Math.floor(burst * 0.99)] ?? 0);
  subject.authorised.push(authorised);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Rounds are paired, so that what else the machine does weighs on both sides alike. */
function ratio(over: Subject, under: Subject): number {
  return median(over.p99.map((p99, round) => p99 / (under.p99[round] ?? p99)));
}

const raw = await start('raw Bolt', 'raw');
const one = await start('bus, 1 command', 'bus', '1');
const hundred = await start('bus, 100 commands', 'bus', '100');
const subjects = [raw, one, hundred];
for (let round = -2; round < rounds; round += 1) {
  for (const subject of subjects) await measure(subject, round);
}
for (const { child, agent } of subjects) {
  agent.destroy();
  child.send('end');
}

console.table(
  subjects.map(({ name, p50, p99, authorised }) => ({
    server: name,
    'p50 ms': median(p50).toFixed(1),
    'p99 ms': median(p99).toFixed(1),
    'authorised by the last ack': median(authorised),
  })),
);
const busOverRaw = ratio(hundred, raw);
const hundredOverOne = ratio(hundred, one);
console.log(`through the bus / raw: ${busOverRaw.toFixed(2)} (promised ${promised.busOverRaw})`);
console.log(`100 / 1 commands: ${hundredOverOne.toFixed(2)} (promised ${promised.hundredOverOne})`);
if (busOverRaw > promised.busOverRaw || hundredOverOne > promised.hundredOverOne) {
  process.exitCode = 1;
}
