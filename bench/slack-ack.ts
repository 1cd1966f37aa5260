import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { bodyOf, signedHeaders } from '../test/peers/slack/people.ts';

/**
 * Signed slash commands, 20 at a time: the Slack adapter (verified, normalised, stored, then
 * acknowledged) beside a raw Bolt app that only acknowledges. Servers take turns in processes of
 * their own. Exits with 1 when the median of the adapter is above 1.5 times that of raw Bolt.
 */
const promised = 1.5;
const batch = 400;
const abreast = 20;
const rounds = Number(process.argv[2] ?? 7);
const secret = 'a secret of this bench alone';

const identity = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ ok: true, team_id: 'T1', user_id: 'U0', bot_id: 'B1' }));
});
await new Promise<void>((resolve) => identity.listen(0, '127.0.0.1', resolve));
const address = identity.address();
const api = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/api/`;

interface Subject {
  readonly child: ChildProcess;
  readonly url: string;
  readonly p50: number[];
  readonly p99: number[];
}

async function start(kind: string): Promise<Subject> {
  const child = fork(new URL('./slack-ack-server.ts', import.meta.url), [kind, api, secret]);
  const [{ port }] = await once(child, 'message');
  return { child, url: `http://127.0.0.1:${port}/slack/events`, p50: [], p99: [] };
}

async function measure(subject: Subject, round: number): Promise<void> {
  const times: number[] = [];
  async function lane(first: number): Promise<void> {
    for (let index = first; index < batch; index += abreast) {
      const { body, contentType } = bodyOf('slash_commands', {
        command: '/release',
        text: 'status',
        team_id: 'T1',
        channel_id: 'C1',
        user_id: 'U1',
        user_name: 'ada',
        api_app_id: 'A1',
        response_url: 'https://hooks.slack.com/commands/T1/1',
        trigger_id: `${round}.${index}`,
      });
      const headers = signedHeaders(body, contentType, Date.now(), secret);
      const startedAt = performance.now();
      const response = await fetch(subject.url, { method: 'POST', headers, body });
      await response.text();
      if (response.status !== 200) throw new Error(`answered ${response.status}`);
      times.push(performance.now() - startedAt);
    }
  }
  await Promise.all(Array.from({ length: abreast }, (_, index) => lane(index)));
  if (round < 0) return;
  times.sort((a, b) => a - b);
  subject.p50.push(times[Math.floor(batch * 0.5)] ?? 0);
  subject.p99.push(times[Math.floor(batch * 0.99)] ?? 0);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const raw = await start('raw');
const adapter = await start('adapter');
for (let round = -2; round < rounds; round += 1) {
  for (const subject of round % 2 === 0 ? [raw, adapter] : [adapter, raw]) {
    await measure(subject, round);
  }
}
const row = (server: string, { p50, p99 }: Subject) => ({
  server,
  'p50 ms': median(p50).toFixed(2),
  'p99 ms': median(p99).toFixed(2),
});
console.table([row('raw Bolt', raw), row('Slack adapter', adapter)]);
const ratio = median(adapter.p50) / median(raw.p50);
console.log(`adapter / raw: ${ratio.toFixed(2)} (promised ${promised})`);
raw.child.disconnect();
adapter.child.disconnect();
identity.close();
if (ratio > promised) process.exitCode = 1;
