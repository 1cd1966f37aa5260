import { joined } from './frames.ts';

export interface Replies {
  say(session: number, bytes: Buffer<ArrayBuffer>): void;
  /** Hands over what is left. */
  flush(): void;
}

/**
 * Joins what is said to one session in a row: a transaction begins with two answers, and each that
 * goes out alone wakes a thread, which costs more than many a statement.
 */
export function replies(send: (session: number, bytes: Buffer<ArrayBuffer>) => void): Replies {
  let to = 0;
  let parts: Buffer<ArrayBuffer>[] = [];

  function flush(): void {
    const [first, ...more] = parts;
    if (first === undefined) return;
    parts = [];
    send(to, more.length === 0 ? first : joined([first, ...more]));
  }

  return {
    say(session, bytes) {
      if (session !== to) flush();
      to = session;
      parts.push(bytes);
    },
    flush,
  };
}
