import { migrate } from '#adapters/postgres/migrate.ts';
import { openPostgres } from '#adapters/postgres/open.ts';
import { createStore } from '#adapters/postgres/store.ts';
import { signalbox } from '#core/people.ts';
import type { Database } from '#ports/database.ts';
import type { Append } from '#ports/streams.ts';
import { createDatabase, startPostgres } from '../test/servers.ts';
import { quietLog } from './quiet-log.ts';
import { type Contender, race } from './race.ts';

/**
 * What the chain costs: the same transactions of the same store by several writers, on a Postgres
 * that syncs to disk; in the one database `append_events` is as it is, in the other it is a plain
 * INSERT of the same row under the same indexes, committed as usual.
 */
const writers = Number(process.argv[2] ?? 8);

const plainInsert = `
  CREATE SEQUENCE signalbox.plain;
  CREATE OR REPLACE FUNCTION signalbox.append_events(
    p_at bigint, p_streams text[], p_versions integer[], p_kinds text[],
    p_before text[], p_between text[], p_after text[]
  ) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    FOR i IN 1 .. cardinality(p_streams) LOOP
      INSERT INTO signalbox.ledger
        (seq, at, stream, version, kind, bytes, prev_hash, leaf_hash, node_hash)
      VALUES (nextval('signalbox.plain'), p_at, p_streams[i], p_versions[i], p_kinds[i],
        convert_to(concat(p_before[i], p_at, p_between[i], 1, p_after[i]), 'UTF8'),
        '\\x00', '\\x00', '\\x00');
    END LOOP;
  END $$`;

const server = await startPostgres({ durable: true });
const databases: Database[] = [];
let round = 0;

async function contender(name: string, prepare: string | null): Promise<Contender> {
  const url = await createDatabase(server.url);
  const database = openPostgres({ url, log: quietLog, connections: writers });
  databases.push(database);
  await migrate(database);
  if (prepare !== null) await database.query(prepare);
  // Plain INSERTs commit synchronously, as they would anywhere; appends are flushed by the store.
  const store = createStore(database, { log: quietLog, durable: prepare === null });
  return {
    name,
    run: (writer, turn) => store.transact((tx) => tx.append(append(writer, turn))),
  };
}

function append(writer: number, turn: number): Append {
  return {
    stream: `rollout:${round}-${writer}`,
    kind: 'rollout',
    expectedVersion: turn - 1,
    events: [
      { actor: signalbox, body: { kind: 'step.noted', ...{ note: 'x'.repeat(160), step: 3 } } },
    ],
    row: {
      service: null,
      environment: null,
      phase: null,
      active: false,
      ended: false,
      wakeAt: null,
      state: {},
    },
  };
}

const plain = await contender('plain INSERT', plainInsert);
const chained = await contender('chained append', null);
await race({ baseline: plain, challenger: chained, writers, beforeRound: () => (round += 1) });
await Promise.all(databases.map((database) => database.end()));
await server.stop();
