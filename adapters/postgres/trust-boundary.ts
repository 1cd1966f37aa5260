import type { QueryResult } from '#ports/database.ts';

/**
 * The rows of a result as the statement is known to shape them. Both ends are ours: the statement
 * beside the call and the migrations; the contract suite runs every one of them.
 */
export function rowsOf<Row>(result: QueryResult): readonly Row[] {
  return result.rows as unknown as readonly Row[];
}
