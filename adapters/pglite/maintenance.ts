import { firstValue, queryFrame } from './frames.ts';

/** More log than this since the last checkpoint asks for one: it bounds disk and recovery. */
const checkpointBytes = 32 * 1024 * 1024;

const logSinceCheckpoint = `
  SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::bigint
  FROM pg_control_checkpoint()`;

/** The table with the most dead rows or the oldest statistics, by the measure that Postgres uses itself. */
const neediestTable = `
  SELECT format('%I.%I', schemaname, relname) FROM pg_stat_user_tables
  WHERE n_dead_tup > 200 + 0.2 * n_live_tup OR n_mod_since_analyze > 200 + 0.1 * n_live_tup
  ORDER BY n_dead_tup + n_mod_since_analyze DESC LIMIT 1`;

/**
 * Does a little of what the processes around a Postgres server do and a lone backend never does:
 * checkpoints, vacuum, statistics. Without them the log grows for as long as the process lives.
 * Call it while no transaction is open; one call takes some milliseconds.
 */
export function maintain(run: (unit: Buffer) => Buffer): void {
  if (Number(firstValue(run(queryFrame(logSinceCheckpoint)))) > checkpointBytes) {
    run(queryFrame('CHECKPOINT'));
  }
  const table = firstValue(run(queryFrame(neediestTable)));
  if (table !== null) run(queryFrame(`VACUUM (ANALYZE) ${table}`));
}
