import { createHistory } from '#adapters/postgres/history.ts';
import { migrate } from '#adapters/postgres/migrate.ts';
import { openPostgres } from '#adapters/postgres/open.ts';
import { openSegmentSource } from '#adapters/postgres/segment-source.ts';
import { createCrypto } from '#adapters/system/crypto.ts';
import { verifySignature } from '#adapters/system/signer.ts';
import { verifyHistory } from '#app/audit/verify.ts';
import { installationKey } from '#core/ledger/origin.ts';
import { signalbox } from '#core/people.ts';
import { createDatabase, startPostgres } from '../test/servers.ts';
import { quietLog } from './quiet-log.ts';
import { median } from './race.ts';

/**
 * How long `audit verify` takes for a million events in Postgres, beside how long it takes to
 * INSERT as many rows without any chain in batches of 10,000, which is the fastest way to have them.
 */
const events = Number(process.argv[2] ?? 1_000_000);
const batch = 10_000;
const runs = 3;

const server = await startPostgres();
const url = await createDatabase(server.url);
const database = openPostgres({ url, log: quietLog, connections: 2 });
await migrate(database);
await database.query('CREATE TABLE plain (seq bigint PRIMARY KEY, bytes bytea NOT NULL)');

const before = `{"actor":{"account":{"platform":"signalbox","tenant":"signalbox","user":"signalbox"},"displayName":"${signalbox.displayName}","person":"${signalbox.person}"},"at":`;
const between = `,"body":{"kind":"step.noted","note":"${'x'.repeat(120)}"},"format":1,"kind":"step.noted","seq":`;
const insert = performance.now();
for (let done = 0; done < events; done += batch) {
  await database.query(
    `INSERT INTO plain SELECT n, convert_to($2 || 1 || $3 || n, 'UTF8')
    FROM generate_series($1::int, $1::int + ${batch - 1}) AS n`,
    [done, before, between],
  );
}
const insertSeconds = (performance.now() - insert) / 1000;
for (let done = 0; done < events; done += batch) {
  await database.query(
    `SELECT signalbox.append_events(1, array_agg(stream ORDER BY n), array_agg(version ORDER BY n),
      array_agg('step.noted'::text), array_agg($2::text), array_agg($3::text),
      array_agg(format(',"stream":"%s","version":%s}', stream, version) ORDER BY n))
    FROM (SELECT n, 'rollout:shop-' || n / 10 AS stream, n % 10 + 1 AS version
      FROM generate_series($1::int, $1::int + ${batch - 1}) AS n) AS numbered`,
    [done, before, between],
  );
}

const { digest } = createCrypto({ secret: 'not used for digests' });
const key = installationKey(digest, new Uint8Array(32));
const history = createHistory(database);
const seconds: number[] = [];
const segments = openSegmentSource(url);
for (let run = 0; run < runs; run++) {
  const start = performance.now();
  const trust = { digest, verify: verifySignature, key, formerKeys: [] };
  const report = await verifyHistory({ history, anchors: [], trust, segments });
  if (report.found > 0 || report.size !== events) throw new Error(JSON.stringify(report));
  seconds.push((performance.now() - start) / 1000);
}
const show = (name: string, value: number): void =>
  console.log(`${name.padEnd(52)}${value.toFixed(2)}`);
show(`bare INSERT of ${events} rows, seconds`, insertSeconds);
show(`verify ${events} events, seconds, median of ${runs}`, median(seconds));
show('ratio', median(seconds) / insertSeconds);
await segments.close();
await database.end();
await server.stop();
