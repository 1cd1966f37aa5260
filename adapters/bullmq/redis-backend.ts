import { type ConnectionOptions, createRedisBackend, type RedisQueueBackend } from 'bullmq';
import { Cluster, Redis } from 'ioredis';
import { assertNever, Fault } from '#core/fault.ts';
import type { Log } from '#ports/log.ts';
import type { BullBackend } from './bull-backend.ts';
import { complaints } from './complaints.ts';
import { answerWithin } from './deadline.ts';
import { type RedisAddress, redisAddress } from './redis-url.ts';

const backoff = (times: number): number => Math.min(50 * 2 ** times, 1000);

interface Patience {
  readonly enableOfflineQueue?: boolean;
  readonly maxRetriesPerRequest: number | null;
  readonly commandTimeout?: number;
  readonly socketTimeout?: number;
}

/** Fails fast, so that somebody who waits for an answer gets one. */
const hasty: Patience = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  commandTimeout: 1500,
};

/** Waits for as long as it takes. A blocking read lasts up to ten seconds, so silence may too. */
const patient: Patience = {
  maxRetriesPerRequest: null,
  socketTimeout: 20_000,
};

/**
 * Connects to Redis or Valkey: single, Cluster or Sentinel, as the URL says (see `redisAddress`).
 * @throws Fault `queue.unavailable`; not retryable when the URL cannot be read or the server would
 *   evict keys when its memory is full (jobs and leases among them).
 */
export async function openRedisBackend(options: {
  readonly url: string;
  readonly log: Log;
  /** How long to wait for a server that is not there yet; 5 s unless told. */
  readonly connectMs?: number;
}): Promise<BullBackend<RedisQueueBackend, ConnectionOptions>> {
  const address = redisAddress(options.url);
  if (address === null) throw refused('The Redis URL cannot be read');
  const complain = complaints(options.log);
  const clients: (Redis | Cluster)[] = [];

  function connect(at: RedisAddress, patience: Patience): Redis | Cluster {
    const client = clientFor(at, patience);
    client.on('error', complain);
    clients.push(client);
    return client;
  }

  async function close(): Promise<void> {
    for (const client of clients) client.disconnect();
  }

  const producer = connect(address, hasty);
  try {
    await answerWithin(options.connectMs ?? 5000, whenReady(producer));
    const policy = await answerWithin(2000, evictionPolicy(producer));
    if (policy !== 'noeviction') {
      throw refused(`Redis must have maxmemory-policy noeviction, but has ${policy}`);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    factory: createRedisBackend,
    producer,
    consumer: () => connect(address, patient),
    ping: () => producer.ping(),
    close,
  };
}

function clientFor(address: RedisAddress, patience: Patience): Redis | Cluster {
  const common = { ...patience, ...address.credentials, connectTimeout: 2000, keepAlive: 10_000 };
  switch (address.kind) {
    case 'single':
      return new Redis({
        ...common,
        host: address.host,
        port: address.port,
        db: address.db,
        retryStrategy: backoff,
      });
    case 'sentinel':
      return new Redis({
        ...common,
        sentinels: [...address.sentinels],
        name: address.master,
        db: address.db,
        retryStrategy: backoff,
        sentinelRetryStrategy: backoff,
      });
    case 'cluster':
      return new Cluster([...address.nodes], {
        redisOptions: common,
        enableOfflineQueue: patience.enableOfflineQueue ?? true,
        clusterRetryStrategy: backoff,
      });
    default:
      return assertNever(address);
  }
}

function whenReady(client: Redis | Cluster): Promise<void> {
  return new Promise((resolve) => {
    client.once('ready', resolve);
  });
}

/** What the server does when its memory is full. INFO, because hosted servers forbid CONFIG. */
async function evictionPolicy(client: Redis | Cluster): Promise<string> {
  const nodes = client instanceof Cluster ? client.nodes('master') : [client];
  const infos = await Promise.all(nodes.map((node) => node.info('memory')));
  const policies = infos.map((info) => /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'unknown');
  return policies.find((policy) => policy !== 'noeviction') ?? 'noeviction';
}

function refused(message: string): Fault {
  return new Fault('queue.unavailable', message, { retryable: false });
}
