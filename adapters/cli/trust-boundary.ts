/**
 * The one place where an answer of the server is believed to have its shape: it is the same product,
 * and it checked its own data when they were written.
 */
export function trusted<T>(value: unknown): T {
  return value as T;
}
