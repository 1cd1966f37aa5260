import { hash } from 'node:crypto';
import { createHistory } from '#adapters/postgres/history.ts';
import { migrate } from '#adapters/postgres/migrate.ts';
import { openPostgres } from '#adapters/postgres/open.ts';
import { verifySignature } from '#adapters/system/signer.ts';
import { verifyHistory } from '#app/audit/verify.ts';
import { createDatabase, startPostgres } from '../test/servers.ts';

const n = Number(process.argv[2] ?? 1_000_000);
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const server = await startPostgres({ durable: false });
const database = openPostgres({
  url: await createDatabase(server.url),
  log: silent,
  connections: 4,
});
await migrate(database);
let t = performance.now();
for (let done = 0; done < n; done += 10000) {
  await database.query(
    `SELECT signalbox.append_events(5, s, v, array_fill('step.noted'::text, ARRAY[10000]),
 array_fill('{"actor":{"account":{"platform":"signalbox","tenant":"signalbox","user":"signalbox"},"displayName":"Signalbox","person":"signalbox"},"at":'::text, ARRAY[10000]),
 array_fill(',"body":{"kind":"step.noted","note":"${'x'.repeat(120)}"},"format":1,"kind":"step.noted","seq":'::text, ARRAY[10000]), a)
 FROM (SELECT array_agg('rollout:'||(g/10) ORDER BY g) s, array_agg(g%10+1 ORDER BY g) v, array_agg(',"stream":"rollout:'||(g/10)||'","version":'||(g%10+1)||'}' ORDER BY g) a FROM generate_series($1::int,$1::int+9999) g) x`,
    [done],
  );
}
console.log('fill', performance.now() - t);
const history = createHistory(database);
const digest = (b: Uint8Array) => Buffer.from(hash('sha256', b, 'latin1'), 'latin1');
for (let i = 0; i < 3; i++) {
  t = performance.now();
  let c = process.cpuUsage();
  let k = 0;
  for await (const b of history.entries(1, n)) k += b.length;
  c = process.cpuUsage(c);
  console.log('read only', k, performance.now() - t, 'cpu', (c.user + c.system) / 1000);
  t = performance.now();
  c = process.cpuUsage();
  const r = await verifyHistory({
    history,
    anchors: [],
    trust: { digest, verify: verifySignature, key: { name: 'x', publicKey: new Uint8Array(32) } },
  });
  c = process.cpuUsage(c);
  console.log(
    'verify',
    r.verdict,
    r.size,
    performance.now() - t,
    'cpu',
    (c.user + c.system) / 1000,
  );
}
await database.end();
await server.stop();
