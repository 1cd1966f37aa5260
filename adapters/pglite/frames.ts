/**
 * The frames of the Postgres wire protocol (version 3): a type byte, a length that counts itself,
 * a body. The very first frame of a connection has no type byte.
 */
export interface Frame {
  /** The type as a character; empty for the startup frame. */
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Walks the whole frames in `bytes` from `from`; stops before one that is cut off. */
export function* frames(bytes: Buffer, from = 0): Generator<Frame> {
  let start = from;
  while (start + 5 <= bytes.length) {
    const end = start + 1 + bytes.readInt32BE(start + 1);
    if (end > bytes.length) return;
    yield { type: String.fromCharCode(bytes.readUInt8(start)), start, end };
    start = end;
  }
}

/** Builds one frame. */
export function frame(type: string, body: Buffer): Buffer {
  const bytes = Buffer.allocUnsafeSlow(5 + body.length);
  bytes.write(type, 0, 'latin1');
  bytes.writeInt32BE(4 + body.length, 1);
  body.copy(bytes, 5);
  return bytes;
}

/** A simple query. */
export function queryFrame(sql: string): Buffer {
  return frame('Q', Buffer.from(`${sql}\0`));
}

/** The end of a unit of work. `status`: I idle, T in a transaction, E in a failed one. */
export function readyFrame(status: 'I' | 'T' | 'E'): Buffer {
  return frame('Z', Buffer.from(status));
}

/** A fatal error with its SQLSTATE, after which the server closes the connection. */
export function fatalFrame(sqlState: string, message: string): Buffer {
  const fields = ['SFATAL', 'VFATAL', `C${sqlState}`, `M${message}`];
  return frame('E', Buffer.from(`${fields.join('\0')}\0\0`));
}

/** What a server says to a client that it lets in, up to the first ready. */
export function welcomeFrames(session: number, parameters: Readonly<Record<string, string>>) {
  const trusted = frame('R', Buffer.from([0, 0, 0, 0]));
  const key = Buffer.alloc(8);
  key.writeInt32BE(session, 0);
  const told = Object.entries(parameters).map(([name, value]) =>
    frame('S', Buffer.from(`${name}\0${value}\0`)),
  );
  return joined([trusted, ...told, frame('K', key), readyFrame('I')]);
}

/** Joins buffers into one that owns its memory, so that it can be handed to another thread. */
export function joined(parts: readonly Buffer[]): Buffer<ArrayBuffer> {
  const bytes = Buffer.allocUnsafeSlow(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    part.copy(bytes, offset);
    offset += part.length;
  }
  return bytes;
}

/** The first column of the first row of an answer, as text; null when there is none. */
export function firstValue(response: Buffer): string | null {
  for (const { type, start } of frames(response)) {
    if (type !== 'D' || response.readInt16BE(start + 5) === 0) continue;
    const length = response.readInt32BE(start + 7);
    return length < 0 ? null : response.toString('utf8', start + 11, start + 11 + length);
  }
  return null;
}
