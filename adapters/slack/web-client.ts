import { type Logger, LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import { createReads, type Pace, type Reads, realPace } from './reads.ts';

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

interface ClientParts {
  readonly api: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Absent: the real time. */
  readonly pace?: Pace;
}

/** What one token may do: the writing client paces nothing, the questions pace themselves. */
export interface Clients {
  readonly write: WebClient;
  readonly reads: Reads;
}

export function createClients(
  token: string,
  { api, clock, log, pace = realPace(clock) }: ClientParts,
): Clients {
  const client = new WebClient(token, readOptions(api, log));
  return {
    write: new WebClient(token, writeOptions(api, log)),
    reads: createReads((method, args) => client.apiCall(method, { ...args }), pace),
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
