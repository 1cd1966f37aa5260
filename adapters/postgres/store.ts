import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from '#core/fault.ts';
import type { Instant } from '#core/ids.ts';
import type { Database, DatabaseSession } from '#ports/database.ts';
import type { Failpoint } from '#ports/failpoint.ts';
import type { Log } from '#ports/log.ts';
import type { Store, Transaction } from '#ports/store.ts';
import { actionsIn, samplesIn } from './actions.ts';
import { consoleIn } from './console.ts';
import { createFlush } from './flush.ts';
import { inboxIn } from './inbox.ts';
import { whileHolding } from './lease.ts';
import { ledgerIn } from './ledger.ts';
import { linksIn } from './links.ts';
import { sightingsIn } from './sightings.ts';
import { streamsIn } from './streams.ts';
import { surfacesIn } from './surfaces.ts';
import { rowsOf } from './trust-boundary.ts';
import { createTurns, type Turn } from './turns.ts';
import { beginUnit, type OpenUnit, type Unit } from './unit.ts';

export interface StoreOptions {
  readonly log: Log;
  readonly failpoint?: Failpoint;
  /** False only for tests: what was acknowledged may then be lost with the process. */
  readonly durable?: boolean;
}

interface Outcome<T> {
  readonly value: T;
  readonly wrote: 'nothing' | 'rows' | 'events';
}

/** How often a transaction that lost a race is run, and from which time on nobody appends beside it. */
const attempts = 6;
const aloneFrom = 3;

/** The store on a migrated Postgres database, wherever it runs. Closing it ends the database. */
export function createStore(database: Database, options: StoreOptions): Store {
  const { log, failpoint = async () => {}, durable = true } = options;
  const turns = createTurns();
  const flush = durable ? createFlush(database) : async () => {};

  async function attempt<T>(
    run: (tx: Transaction) => Promise<T>,
    alone: boolean,
  ): Promise<Outcome<T>> {
    const session = await database.connect();
    let unit: OpenUnit | null = null;
    let turn: Turn | null = null;
    try {
      unit = await beginUnit(session, alone);
      turn = turns.open(unit.now);
      const value = await run(transactionOn(unit));
      if (!unit.changed()) {
        finish(session, unit.commit());
        return { value, wrote: 'nothing' };
      }
      await failpoint('before-commit');
      await turn.ready();
      const wrote = await unit.commit();
      session.release();
      return { value, wrote };
    } catch (error) {
      if (unit === null) session.release(true);
      else finish(session, unit.rollBack());
      throw error;
    } finally {
      turn?.done();
    }
  }

  return {
    async transact(run) {
      const { value, wrote } = await untilItWins((count) => attempt(run, count >= aloneFrom));
      if (wrote === 'events') await flush();
      if (wrote !== 'nothing') await failpoint('after-commit');
      return value;
    },
    async databaseNow() {
      const text = `SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now`;
      const [row] = rowsOf<{ readonly now: Instant }>(await database.query(text));
      if (row === undefined) throw new Error('The database did not tell its time');
      return row.now;
    },
    whileLeader: (name, work) => whileHolding(database, log, name, work),
    async healthy() {
      try {
        await database.query('SELECT 1');
        return true;
      } catch {
        return false;
      }
    },
    close: () => database.end(),
  };
}

function transactionOn(unit: Unit): Transaction {
  return {
    now: unit.now,
    ...ledgerIn(unit),
    ...streamsIn(unit),
    ...inboxIn(unit),
    ...surfacesIn(unit),
    ...actionsIn(unit),
    ...linksIn(unit),
    ...sightingsIn(unit),
    ...samplesIn(unit),
    ...consoleIn(unit),
  };
}

/** Gives the session back once the last statement is through; nobody needs to wait for that. */
function finish(session: DatabaseSession, last: Promise<unknown>): void {
  last.then(
    () => session.release(),
    () => session.release(true),
  );
}

/** Runs the transaction again for as long as others are faster, after a pause that grows. */
async function untilItWins<T>(attempt: (count: number) => Promise<T>): Promise<T> {
  for (let count = 1; count < attempts; count++) {
    try {
      return await attempt(count);
    } catch (error) {
      if (!lostRace(error)) throw error;
      await pause(Math.random() * 4 * 2 ** count);
    }
  }
  return attempt(attempts);
}

function lostRace(error: unknown): boolean {
  return error instanceof Fault && error.code === 'store.conflict';
}
