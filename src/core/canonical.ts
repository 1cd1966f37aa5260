/** Hashes text to lower-case hex SHA-256. Supplied by the shell: core has no crypto of its own. */
export type Sha256 = (text: string) => string;
/** SHA-256 of bytes, as 32 bytes. */
export type Digest = (bytes: Uint8Array) => Uint8Array;

/**
 * Canonical JSON after RFC 8785, for values made of strings, safe integers, booleans, null,
 * arrays and plain objects. Keys are ordered by UTF-16 code units; undefined members are left out.
 * @throws Error on any other value (a bug: such a value must not reach the ledger or a plan).
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') {
    return JSON.stringify(value);
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error('A number in canonical JSON must be finite');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object') throw new Error(`No canonical form for a ${typeof value}`);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
