import { Duplex } from 'node:stream';

/** What `pg` calls on its socket besides reading and writing. */
interface SocketManners {
  /** Emits `connect` once the database is there. */
  connect(): void;
  setNoDelay(): void;
  setKeepAlive(): void;
  ref(): void;
  unref(): void;
}

export type SessionStream = Duplex & SocketManners;

export interface SessionStreamOptions {
  /** Settles when the database is there. */
  connect(): Promise<void>;
  write(bytes: Buffer): void;
  close(): void;
}

/** One connection to the embedded database, as `pg` expects its socket. */
export function sessionStream(options: SessionStreamOptions): SessionStream {
  const duplex = new Duplex({
    read: () => {},
    write: (chunk, _encoding, done) => {
      options.write(chunk);
      done();
    },
    writev: (chunks, done) => {
      for (const { chunk } of chunks) options.write(chunk);
      done();
    },
    final: (done) => {
      options.close();
      // As the other end of a socket does: whoever said goodbye waits to hear it back.
      duplex.push(null);
      done();
    },
    destroy: (error, done) => {
      options.close();
      done(error);
    },
  });
  return Object.assign(duplex, {
    connect: () => {
      options.connect().then(
        () => duplex.emit('connect'),
        (error) => duplex.destroy(error),
      );
    },
    setNoDelay: () => {},
    setKeepAlive: () => {},
    ref: () => {},
    unref: () => {},
  });
}
