/** What one statement gave. `rowCount` is the number of rows returned or touched. */
export interface QueryResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly rowCount: number;
}

/**
 * Runs SQL with `$1 …` parameters. Without `params` the text may hold several statements; the
 * result is that of the last one. Arrays are passed as JavaScript arrays, bytes as `Uint8Array`.
 * What comes back: int8 as number, json and jsonb parsed, bytea as `Uint8Array`.
 * Errors carry the SQLSTATE in `code`.
 */
export interface Queryable {
  query(text: string, params?: readonly unknown[]): Promise<QueryResult>;
}

/** One session, held by one user until released: for transactions and session locks. */
export interface DatabaseSession extends Queryable {
  /** Gives the session back. With `broken` it is thrown away and not used again. */
  release(broken?: boolean): void;
}

/**
 * A Postgres database, wherever it runs. Where there is only one session underneath, `connect`
 * waits for its turn and `query` does not run between another session's statements.
 */
export interface Database extends Queryable {
  connect(): Promise<DatabaseSession>;
  /**
   * Calls `handler` with the payload of each NOTIFY on the channel, until the returned function is
   * called. Notifications may be missed while a connection is being made anew.
   */
  listen(channel: string, handler: (payload: string) => void): Promise<() => Promise<void>>;
  end(): Promise<void>;
}
