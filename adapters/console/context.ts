import type { Clock } from '#ports/clock.ts';
import type { Crypto } from '#ports/crypto.ts';
import type { Gateway } from '#ports/gateway.ts';
import type { Log } from '#ports/log.ts';
import type { Random } from '#ports/random.ts';
import type { Reader } from '#ports/reader.ts';
import type { Store } from '#ports/store.ts';
import type { Hub } from './hub.ts';
import type { Roster } from './roster.ts';
import type { Sessions } from './sessions.ts';
import type { Viewers } from './viewer.ts';

/** What the routes work with. */
export interface Context {
  readonly roster: () => Roster;
  readonly store: Store;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly random: Random;
  readonly log: Log;
  readonly hub: Hub;
  readonly sessions: Sessions;
  readonly viewers: Viewers;
  readonly gateway: Gateway;
  readonly reader: Reader;
  /** People may choose who they are: only ever on loopback. */
  readonly demo: boolean;
  /** The client's secret at the OIDC issuer; null for a public client. */
  readonly oidcSecret: string | null;
  /** Cookies are sent over TLS alone. */
  readonly secureCookies: boolean;
}
