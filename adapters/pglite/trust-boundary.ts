/** The part of PGlite that we use. Its own declarations do not compile without a browser's types. */
interface Backend {
  /** Runs wire-protocol frames to their end before it returns; the answer comes in pieces. */
  execProtocolRawStream(
    unit: Uint8Array,
    options: { readonly syncToFs: boolean; onRawData(bytes: Uint8Array): void },
  ): Promise<void>;
  close(): Promise<void>;
}

interface PgliteClass {
  readonly defaultStartParams: readonly string[];
  create(options: {
    readonly dataDir: string;
    readonly startParams: readonly string[];
  }): Promise<Backend>;
}

/** Loads PGlite. The one unchecked step: that the package has the form described here. */
export async function loadPglite(): Promise<PgliteClass> {
  const { PGlite } = await import(import.meta.resolve('@electric-sql/pglite'));
  // What it would ask for at each start, a quarter of the time that takes, is for its own parsers:
  // here clients read the wire themselves.
  PGlite.prototype._initArrayTypes = async () => {};
  return PGlite;
}
