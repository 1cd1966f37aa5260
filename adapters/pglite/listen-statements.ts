import { frames } from './frames.ts';

/** What the statements of a unit change about the channels that a session listens to. */
export interface ListenChange {
  readonly listen: readonly string[];
  /** Null in the list stands for all channels. */
  readonly unlisten: readonly (string | null)[];
}

const statement = /(?:^|;)\s*(un)?listen\s+(?:"((?:[^"]|"")+)"|([a-z_][\w$]*)|(\*))\s*(?=;|$)/gi;

const comment = /--[^\n]*/g;

/** Reads LISTEN and UNLISTEN out of the simple and prepared statements of a unit. */
export function listenChange(unit: Buffer): ListenChange | null {
  const listen: string[] = [];
  const unlisten: (string | null)[] = [];
  for (const { type, start, end } of frames(unit)) {
    const sql = statementText(unit, type, start, end);
    if (sql === null) continue;
    for (const [, un, quoted, plain] of sql.replace(comment, '').matchAll(statement)) {
      const channel = quoted?.replaceAll('""', '"') ?? plain?.toLowerCase() ?? null;
      if (un !== undefined) unlisten.push(channel);
      else if (channel !== null) listen.push(channel);
    }
  }
  return listen.length + unlisten.length === 0 ? null : { listen, unlisten };
}

/** The text of a frame when it is short enough to be a LISTEN with its comments. */
function statementText(unit: Buffer, type: string, start: number, end: number): string | null {
  if (end - start > 1000) return null;
  if (type === 'Q') return unit.toString('utf8', start + 5, end - 1);
  if (type !== 'P') return null;
  const textStart = unit.indexOf(0, start + 5) + 1;
  return unit.toString('utf8', textStart, unit.indexOf(0, textStart));
}

/** The channel of a notification frame: process id, channel, payload. */
export function notificationChannel(response: Buffer, start: number): string {
  return response.toString('utf8', start + 9, response.indexOf(0, start + 9));
}

/** The statement that listens to all of the channels. */
export function listenSql(channels: Iterable<string>): string {
  return [...channels].map((channel) => `LISTEN "${channel.replaceAll('"', '""')}"`).join('; ');
}
