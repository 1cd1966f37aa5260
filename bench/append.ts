import { appendStatement } from '#adapters/postgres/append.ts';
import { migrate } from '#adapters/postgres/migrate.ts';
import { openPostgres } from '#adapters/postgres/open.ts';
import { createStore } from '#adapters/postgres/store.ts';
import { signalbox } from '#core/people.ts';
import type { Database } from '#ports/database.ts';
import { createDatabase, startPostgres } from '../test/servers.ts';

const writers = Number(process.argv[2] ?? 8);
const seconds = Number(process.argv[3] ?? 1.5);
const rounds = Number(process.argv[4] ?? 5);
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const server = await startPostgres({ durable: true });
const database: Database = openPostgres({
  url: await createDatabase(server.url),
  log: silent,
  connections: writers,
});
await migrate(database);
await database.query(`
  CREATE TABLE plain (seq bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, at bigint NOT NULL, stream text COLLATE "C" NOT NULL,
   version integer NOT NULL, kind text COLLATE "C" NOT NULL, bytes bytea NOT NULL);
  CREATE UNIQUE INDEX plain_stream ON plain (stream, version);
  CREATE INDEX plain_kind ON plain (kind, seq);
  CREATE INDEX plain_at ON plain (at);
`);
const store = createStore(database, { log: silent });
const body = { kind: 'step.noted', step: 3, note: 'x'.repeat(160) };
const bytes = Buffer.from(
  JSON.stringify({ actor: signalbox, at: 1, body, seq: 1, stream: 'rollout:shop-1', version: 1 }),
);
let n = 0;
const insert =
  'INSERT INTO plain (at, stream, version, kind, bytes) VALUES (floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint, $1, $2, $3, $4)';
const row = {
  service: null,
  environment: null,
  phase: null,
  active: false,
  ended: false,
  wakeAt: null,
  state: {},
};
const cases: Record<string, (w: number, i: number) => Promise<unknown>> = {
  'plain INSERT, autocommit': (w, i) =>
    database.query(insert, [`rollout:${w}-${n}`, i, body.kind, bytes]),
  'plain INSERT, BEGIN COMMIT': async (w, i) => {
    const s = await database.connect();
    await s.query('BEGIN');
    await s.query(insert, [`rollout:${w}-${n}`, i, body.kind, bytes]);
    await s.query('COMMIT');
    s.release();
  },
  'chained, one statement, autocommit': async (w, i) => {
    const { text, params } = appendStatement(
      [
        {
          stream: `c:${w}-${n}`,
          kind: 'rollout',
          expectedVersion: i - 1,
          events: [{ actor: signalbox, body }],
          row,
        },
      ],
      1e13,
    );
    await database.query(text, params);
  },
  'chained, transact(append)': (w, i) =>
    store.transact((tx) =>
      tx.append({
        stream: `rollout:${w}-${n}`,
        kind: 'rollout',
        expectedVersion: i - 1,
        events: [{ actor: signalbox, body }],
        row,
      }),
    ),
};
const results: Record<string, number[]> = {};
for (let r = 0; r < rounds; r++) {
  for (const [name, op] of Object.entries(cases)) {
    n++;
    const until = performance.now() + seconds * 1000;
    let done = 0;
    const start = performance.now();
    await Promise.all(
      Array.from({ length: writers }, async (_, w) => {
        for (let i = 1; performance.now() < until; i++) {
          await op(w, i);
          done++;
        }
      }),
    );
    (results[name] ??= []).push((done / (performance.now() - start)) * 1000);
  }
}
for (const [name, values] of Object.entries(results))
  console.log(
    name.padEnd(40),
    Math.round(values.toSorted((a, b) => a - b)[rounds >> 1] ?? 0),
    values.map(Math.round).join(' '),
  );
await store.close();
await server.stop();
