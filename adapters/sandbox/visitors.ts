import { connect, type Socket } from 'node:net';
import { dueHeader } from './proxy.ts';

/** Those who ask a port of this machine for its page, each on a connection that nobody else uses. */
export interface Visitors {
  /** Sends one who was due at `at`, in milliseconds since the epoch. What comes of it the proxy counts. */
  send(at: number): void;
  underWay(): number;
  close(): void;
}

interface Line {
  readonly socket: Socket;
  isBusy: boolean;
  /** What came of the answer so far, until its head is whole. */
  head: string;
  /** Bytes of the answer that are still to come; null before its head is whole. */
  missing: number | null;
}

const idleLimit = 32;

/**
 * Speaks as much HTTP as it takes to wait for the end of an answer whose length is told: a client
 * for everything costs more than all the rest that happens to such a request. On any other answer
 * the visitor hangs up.
 */
export function createVisitors(port: number): Visitors {
  const lines = new Set<Line>();
  const idle: Line[] = [];

  function open(): Line {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const line: Line = { socket, isBusy: false, head: '', missing: null };
    lines.add(line);
    // One character is one byte.
    socket.setEncoding('latin1');
    socket.on('data', (part: string) => hear(line, part));
    socket.on('error', () => {
      // The proxy is coming up or going down: the next visitor will see.
    });
    socket.once('close', () => {
      lines.delete(line);
      if (!line.isBusy) idle.splice(idle.indexOf(line), 1);
    });
    return line;
  }

  function hear(line: Line, part: string): void {
    if (!line.isBusy) {
      line.socket.destroy();
      return;
    }
    if (line.missing === null) {
      line.head += part;
      line.missing = missingAfter(line.head);
    } else line.missing -= part.length;
    if (line.missing === 0) leave(line);
    else if (line.missing !== null && !(line.missing > 0)) line.socket.destroy();
  }

  function leave(line: Line): void {
    if (idle.length >= idleLimit) {
      line.socket.destroy();
      return;
    }
    line.isBusy = false;
    idle.push(line);
  }

  return {
    send(at) {
      const line = idle.pop() ?? open();
      line.isBusy = true;
      line.head = '';
      line.missing = null;
      const due = `${dueHeader}: ${at.toFixed(3)}`;
      line.socket.write(`GET / HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${due}\r\n\r\n`);
    },
    underWay: () => lines.size - idle.length,
    close() {
      for (const { socket } of lines) socket.destroy();
    },
  };
}

/** Bytes to come after what came; null while the head is not whole, NaN when nobody can tell. */
function missingAfter(text: string): number | null {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const [, length] = /\r\ncontent-length: *(\d+)\r\n/i.exec(text.slice(0, end + 2)) ?? [];
  return Number(length ?? Number.NaN) - (text.length - end - 4);
}
