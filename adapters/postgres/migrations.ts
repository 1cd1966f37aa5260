import { readFileSync } from 'node:fs';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** All migrations in order. Forward only: one that has landed is never edited. */
export const migrations: readonly Migration[] = [
  migration(1, 'truth'),
  migration(2, 'doors'),
  migration(3, 'threads'),
  migration(4, 'sightings'),
  migration(5, 'sign-outs'),
  migration(6, 'giving-way'),
];

function migration(number: number, name: string): Migration {
  const file = `./migrations/${String(number).padStart(4, '0')}-${name}.sql`;
  return { number, name, sql: readFileSync(new URL(file, import.meta.url), 'utf8') };
}
