import { inject } from 'vitest';
import { createDatabase } from './servers.ts';

/** The URL of an empty database on the one Postgres server of this test run. */
export async function freshDatabase(): Promise<string> {
  const response = await fetch(inject('sharedPostgres'));
  const text = await response.text();
  if (!response.ok) throw new Error(`The tests have no Postgres server: ${text}`);
  return createDatabase(text);
}
