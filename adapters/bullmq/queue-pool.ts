/**
 * What a `pg` pool for the queue needs besides the way to the database: its statements find the
 * schema `bullmq`, and a lost server is noticed. Each consumer holds one of the connections.
 */
export const queuePoolSettings = {
  options: '-c search_path=bullmq',
  max: 6,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  connectionTimeoutMillis: 1500,
  query_timeout: 10_000,
  application_name: 'signalbox-queue',
} as const;
