/** Randomness, for nonces and tokens. */
export interface Random {
  /** URL-safe text with at least `bits` bits of entropy. */
  token(bits: number): string;
}
