import { type Logger, LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';
import type { Log } from '#ports/log.ts';

/**
 * Settings for everything that writes: no retry (the default repeats a post after a 503) and no
 * waiting for a rate limit (the default holds back every other call of the client). A new object for
 * each client: the SDK writes into the one that it is given.
 */
export function writeOptions(api: string, log: Log): WebClientOptions {
  return {
    slackApiUrl: api,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    timeout: 10_000,
    logger: quietLogger(log),
  };
}

/** Settings for looking: one short retry, because a lost answer costs nothing here. */
function readOptions(api: string, log: Log): WebClientOptions {
  return {
    ...writeOptions(api, log),
    retryConfig: { retries: 1, minTimeout: 100, maxTimeout: 200 },
    timeout: 4_000,
  };
}

/** The two clients of one token. */
export interface Clients {
  readonly write: WebClient;
  readonly read: WebClient;
}

export function createClients(token: string, api: string, log: Log): Clients {
  return {
    write: new WebClient(token, writeOptions(api, log)),
    read: new WebClient(token, readOptions(api, log)),
  };
}

/** The SDK's own words, as far as they matter: what fails is reported by whoever asked. */
export function quietLogger(log: Log): Logger {
  const said = (words: readonly unknown[]) => ({ said: words.map(String).join(' ').slice(0, 500) });
  return {
    debug() {},
    info() {},
    warn: (...words) => log.debug('Slack SDK warns', said(words)),
    error: (...words) => log.debug('Slack SDK reports an error', said(words)),
    setLevel() {},
    getLevel: () => LogLevel.WARN,
    setName() {},
  };
}
