/** A request as it arrived: the body is untouched, so that its signature can be checked. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Lower-case names; repeated headers joined as HTTP says. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Address of the peer. */
  readonly remote: string;
}

export interface RawResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface RawRoute {
  readonly method: 'GET' | 'POST';
  /** One exact path, without parameters. */
  readonly path: string;
  /** A larger body is answered with 413 before anybody reads it. */
  readonly limitBytes: number;
  handle(request: RawRequest): Promise<RawResponse>;
}

/** The one HTTP server of the process, for adapters that are called by webhooks. */
export interface HttpHost {
  /** Adds a route. Only before the server starts; the same path twice is a bug. */
  route(route: RawRoute): void;
}
