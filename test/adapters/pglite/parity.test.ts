import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../fresh-database.ts';
import { requireServer } from '../../servers.ts';
import { type TemporaryPglite, temporaryPglite } from './temporary-pglite.ts';

/** Run one after another on both databases; what JavaScript sees must be the same. */
const statements: readonly (readonly [text: string, params?: readonly unknown[]])[] = [
  ['SELECT 1 AS a, 9007199254740993::int8 AS b, 1.50::numeric AS c, 0.1::float8 AS d'],
  ['SELECT count(*) AS n FROM generate_series(1, 3)'],
  [`SELECT 'a'::text AS a, NULL AS b, true AS c, 'x'::"char" AS d, 'n'::name AS e`],
  [
    'SELECT $1::text[] AS a, $2::int8[] AS b',
    [
      ['x', 'y "q"', null],
      [1, 2],
    ],
  ],
  [
    'SELECT $1::int[] AS a, $2::bool[] AS b',
    [
      [
        [1, 2],
        [3, 4],
      ],
      [true, false],
    ],
  ],
  ['SELECT $1::bytea AS a, $2::bytea AS b', [Buffer.from([0, 1, 255]), new Uint8Array([7])]],
  ['SELECT $1::jsonb AS a, $2::json AS b', [{ a: [1, 'ü', null] }, JSON.stringify(['x'])]],
  ['SELECT $1::timestamptz AS a', [new Date('2026-11-21T01:02:03.456Z')]],
  [`SELECT '2026-11-21 01:02:03.456789+02'::timestamptz AS a, interval '1 day 2 hours' AS b`],
  [`SELECT '{"a": 1}'::jsonb -> 'a' AS a, to_jsonb(ARRAY[1, 2]) AS b`],
  ['SELECT $1::uuid AS a', ['0f1e2d3c-0000-4000-8000-000000000001']],
  ['CREATE TABLE thing (id bigserial PRIMARY KEY, name text UNIQUE, body jsonb, raw bytea)'],
  [
    'INSERT INTO thing (name, body) VALUES ($1, $2), ($3, $4) RETURNING id, name',
    ['a', {}, 'b', []],
  ],
  ['INSERT INTO thing (name) VALUES ($1) ON CONFLICT DO NOTHING', ['a']],
  ['INSERT INTO thing (name) VALUES ($1)', ['a']],
  ['UPDATE thing SET raw = $1 WHERE name = $2', [Buffer.alloc(3, 9), 'a']],
  ['SELECT * FROM thing WHERE name = ANY($1) ORDER BY id', [['a', 'b']]],
  ['DELETE FROM thing WHERE id > $1', [100]],
  ['SELECT nothing FROM nowhere'],
  ['SELECT 1 / $1::int AS a', [0]],
  ['SELEC'],
  ['SELECT $1::int AS a', ['not a number']],
  ['SELECT 1 AS a; SELECT 2 AS a, 3 AS b'],
  [''],
  ["BEGIN; INSERT INTO thing (name) VALUES ('c'); ROLLBACK"],
  ['SELECT count(*)::int AS n FROM thing'],
  [`DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'SB001', DETAIL = 'why'; END $$`],
  ['SELECT repeat($1, 300000) AS long', ['é']],
  ['SELECT generate_series(1, 5000) AS n'],
  [`SELECT sha256('abc'::bytea) AS hash, md5('abc') AS text`],
];

describe.skipIf(!requireServer('postgres'))('the embedded database', () => {
  let embedded: TemporaryPglite;
  let pools: readonly pg.Pool[] = [];

  beforeAll(async () => {
    embedded = await temporaryPglite();
    pools = [
      new pg.Pool({ connectionString: await freshDatabase(), max: 1 }),
      new pg.Pool({ stream: embedded.pglite.connect, max: 1 }),
    ];
  });

  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await embedded.remove();
  });

  it.each(statements.map(([text, params]) => ({ text, params })))(
    'gives what Postgres gives: $text',
    async ({ text, params }) => {
      const [real, ours] = await Promise.all(pools.map((pool) => outcome(pool, text, params)));
      expect(ours).toEqual(real);
      expect(real).toBeDefined();
    },
  );

  it('keeps a named statement that was prepared before', async () => {
    for (const pool of pools) {
      for (const value of [1, 2]) {
        const { rows } = await pool.query({
          name: 'double',
          text: 'SELECT $1::int * 2 AS a',
          values: [value],
        });
        expect(rows).toEqual([{ a: value * 2 }]);
      }
    }
  });
});

async function outcome(pool: pg.Pool, text: string, params?: readonly unknown[]) {
  try {
    const result = await pool.query(text, params === undefined ? undefined : [...params]);
    return [result].flat().map(({ rows, rowCount, command, fields }) => ({
      rows,
      rowCount,
      command,
      fields: fields.map((field) => [field.name, field.dataTypeID]),
    }));
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const { code, severity, message, detail, constraint, table } = error;
    return { code, severity, message, detail, constraint, table };
  }
}
