import { expect, it } from 'vitest';
import { redisAddress } from '#adapters/bullmq/redis-url.ts';

it.each([
  ['redis://cache', { kind: 'single', host: 'cache', port: 6379, db: 0, credentials: {} }],
  [
    'rediss://user:p%40ss@cache.example:6380/3',
    {
      kind: 'single',
      host: 'cache.example',
      port: 6380,
      db: 3,
      credentials: { username: 'user', password: 'p@ss', tls: {} },
    },
  ],
  [
    'redis://:secret@[::1]:7000',
    { kind: 'single', host: '::1', port: 7000, db: 0, credentials: { password: 'secret' } },
  ],
  [
    'redis-cluster://a:7000,b:7001,c',
    {
      kind: 'cluster',
      nodes: [
        { host: 'a', port: 7000 },
        { host: 'b', port: 7001 },
        { host: 'c', port: 6379 },
      ],
      credentials: {},
    },
  ],
  [
    'rediss-sentinel://u:p@s1,s2:5000/main/2',
    {
      kind: 'sentinel',
      sentinels: [
        { host: 's1', port: 26_379 },
        { host: 's2', port: 5000 },
      ],
      master: 'main',
      db: 2,
      credentials: { username: 'u', password: 'p', tls: {} },
    },
  ],
])('reads %s', (url, address) => {
  expect(redisAddress(url)).toEqual(address);
});

it.each([
  '',
  'redis://',
  'http://cache',
  'redis://a,b',
  'redis://cache:99999',
  'redis://cache/x',
  'redis-cluster://a/1',
  'redis-sentinel://a,b',
])('does not read %s', (url) => {
  expect(redisAddress(url)).toBeNull();
});
