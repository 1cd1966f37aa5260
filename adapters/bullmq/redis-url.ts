/** A Redis deployment as a URL says it. */
export type RedisAddress =
  | {
      readonly kind: 'single';
      readonly host: string;
      readonly port: number;
      readonly db: number;
      readonly credentials: RedisCredentials;
    }
  | {
      readonly kind: 'cluster';
      readonly nodes: readonly RedisNode[];
      readonly credentials: RedisCredentials;
    }
  | {
      readonly kind: 'sentinel';
      readonly sentinels: readonly RedisNode[];
      readonly master: string;
      readonly db: number;
      readonly credentials: RedisCredentials;
    };

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

interface RedisCredentials {
  readonly username?: string;
  readonly password?: string;
  readonly tls?: { readonly servername?: string };
}

const form =
  /^redis(?<tls>s?)(?:-(?<kind>cluster|sentinel))?:\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/?]+)(?<path>(?:\/[^/?]*)*)$/;

/**
 * Reads `redis://[user[:password]@]host[:6379][/db]`,
 * `redis-cluster://…host:port,host:port` and `redis-sentinel://…host:26379,host:26379/master[/db]`;
 * `rediss…` is the same over TLS. Null when it is none of these.
 */
export function redisAddress(url: string): RedisAddress | null {
  const groups = form.exec(url)?.groups;
  if (groups === undefined) return null;
  const { kind = 'single', hosts = '', path = '' } = groups;
  const nodes = hosts.split(',').map((each) => node(each, kind === 'sentinel' ? 26_379 : 6379));
  const words = path.split('/').slice(1);
  const db = Number((kind === 'sentinel' ? words[1] : words[0]) || 0);
  const known = nodes.filter((each) => each !== null);
  const [first] = known;
  if (known.length !== nodes.length || first === undefined) return null;
  if (!Number.isInteger(db) || db < 0) return null;
  const credentials = credentialsOf(groups);
  if (kind === 'cluster') {
    return db === 0 ? { kind, nodes: known, credentials } : null;
  }
  if (kind === 'sentinel') {
    const master = words[0] ?? '';
    return master === '' ? null : { kind, sentinels: known, master, db, credentials };
  }
  return known.length === 1 ? { kind: 'single', ...first, db, credentials } : null;
}

function credentialsOf(groups: Readonly<Record<string, string>>): RedisCredentials {
  const { tls, user, password } = groups;
  return {
    ...(user ? { username: decodeURIComponent(user) } : {}),
    ...(password ? { password: decodeURIComponent(password) } : {}),
    ...(tls ? { tls: {} } : {}),
  };
}

function node(text: string, usualPort: number): RedisNode | null {
  const match = /^(\[[0-9a-fA-F:]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1]?.replace(/^\[|\]$/g, '');
  const port = Number(match?.[2] ?? usualPort);
  return host === undefined || port < 1 || port > 65_535 ? null : { host, port };
}
