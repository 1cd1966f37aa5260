import { type App, SocketModeReceiver } from '@slack/bolt';
import type { Log } from '#ports/log.ts';
import { quietLogger, writeOptions } from './web-client.ts';

/** One Socket Mode connection that comes back by itself. */
export interface SocketLine {
  /** Resolves when the first connection stands; rejects when Slack refuses the token. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface LineParts {
  readonly app: App;
  readonly appToken: string;
  readonly api: string;
  readonly log: Log;
  /** How long to wait before a try, in milliseconds, given how many have failed in a row. */
  readonly backOffMs: (failures: number) => number;
}

/**
 * Keeps one connection. The SDK's own way back waits for five seconds at every refresh, gives up for
 * good on an error of the network, and dies of an event without content; so each connection is a
 * receiver used once, and the next one is opened here, at once.
 */
export function createSocketLine(parts: LineParts): SocketLine {
  let stopped = false;
  let failures = 0;
  let timer: NodeJS.Timeout | null = null;
  let current: SocketModeReceiver | null = null;

  async function connect(): Promise<void> {
    const receiver = new SocketModeReceiver({
      appToken: parts.appToken,
      logger: quietLogger(parts.log),
      autoReconnectEnabled: false,
      // Never let a failed acknowledgement become an unhandled rejection.
      processEventErrorHandler: async () => false,
      installerOptions: { clientOptions: writeOptions(parts.api, parts.log) },
    });
    guard(receiver);
    receiver.init(parts.app);
    current = receiver;
    let connected = false;
    receiver.client.on('disconnected', () => {
      if (connected && current === receiver) again();
    });
    await receiver.start();
    connected = true;
    failures = 0;
    if (stopped) await receiver.stop();
  }

  function again(): void {
    if (stopped || timer !== null) return;
    timer = setTimeout(
      () => {
        timer = null;
        connect().catch((error: unknown) => {
          failures += 1;
          parts.log.warn('Socket Mode does not connect; it is tried again', { failures, error });
          again();
        });
      },
      failures === 0 ? 0 : parts.backOffMs(failures),
    );
  }

  return {
    async start() {
      try {
        await connect();
      } catch (error) {
        failures += 1;
        parts.log.error('Socket Mode does not connect; it is tried again', { error });
        again();
      }
    },
    async stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await current?.stop();
    },
  };
}

/** Lets only envelopes through that the SDK can read: it trips over an event without a type. */
function guard({ client }: SocketModeReceiver): void {
  const listeners = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data: unknown, isBinary: unknown) => {
    if (!isReadable(data)) return;
    for (const listener of listeners) listener(data, isBinary);
  });
}

function isReadable(data: unknown): boolean {
  const text =
    typeof data === 'string'
      ? data
      : data instanceof Uint8Array
        ? new TextDecoder().decode(data)
        : data instanceof ArrayBuffer
          ? new TextDecoder().decode(data)
          : '';
  try {
    const envelope: unknown = JSON.parse(text);
    if (!isRecord(envelope)) return false;
    if (envelope['type'] !== 'events_api') return true;
    const payload = envelope['payload'];
    return (
      isRecord(payload) &&
      isRecord(payload['event']) &&
      typeof payload['event']['type'] === 'string'
    );
  } catch {
    return false;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
