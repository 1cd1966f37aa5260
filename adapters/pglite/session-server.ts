import { type Frame, fatalFrame, frames, joined, queryFrame, welcomeFrames } from './frames.ts';
import { listenChange, listenSql, notificationChannel } from './listen-statements.ts';
import { replies } from './replies.ts';
import { newSession, type Session, takeUnits } from './session.ts';
import { forgetStatements, ownStatementNames } from './statement-names.ts';

interface Waiting {
  readonly session: Session;
  readonly bytes: Buffer;
}

export interface SessionServerOptions {
  /** Hands one unit of work to the backend and returns its whole answer. */
  run(unit: Buffer): Buffer<ArrayBuffer>;
  send(session: number, bytes: Buffer<ArrayBuffer>): void;
  /** The server closes this session. */
  end(session: number): void;
  /** How long a transaction may sit idle before it is rolled back and its session closed. */
  readonly transactionMs: number;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface SessionServer {
  open(session: number): void;
  receive(session: number, bytes: Buffer): void;
  close(session: number): void;
  /** Runs `work` now when no session is in a transaction, and not at all otherwise. */
  between(work: () => void): void;
}

/**
 * Lets many clients share one backend as if each had its own. Units of work run one at a time in
 * the order of arrival; a session in a transaction keeps the backend to itself until it commits,
 * rolls back, leaves, or has been idle for too long. Notifications go to the sessions that listen.
 * Settings asked for when connecting (`options: '-c name=value'`) are kept per session. What remains
 * shared is settings made with SET outside a transaction, temporary tables and session-level
 * advisory locks.
 */
export function sessionServer(options: SessionServerOptions): SessionServer {
  const sessions = new Map<number, Session>();
  const queue: Waiting[] = [];
  const answers = replies(options.send);
  let holder: Session | null = null;
  let idle: NodeJS.Timeout | undefined;
  /** The settings in force in the backend. */
  let settings = '';

  function open(id: number): void {
    sessions.set(id, newSession(id));
  }

  function receive(id: number, bytes: Buffer): void {
    const session = sessions.get(id);
    if (session === undefined) return;
    for (const unit of takeUnits(session, bytes)) {
      if (unit.kind === 'startup') answers.say(id, welcomeFrames(id, options.parameters));
      else if (unit.kind === 'work') queue.push({ session, bytes: unit.bytes });
      else close(id);
    }
    drain();
  }

  function close(id: number): void {
    const session = sessions.get(id);
    if (session === undefined) return;
    sessions.delete(id);
    for (let index = queue.length - 1; index >= 0; index -= 1) {
      if (queue[index]?.session === session) queue.splice(index, 1);
    }
    if (holder === session) {
      options.run(queryFrame('ROLLBACK'));
      release();
    }
    const forget = forgetStatements(session.statements);
    if (forget !== null) options.run(forget);
    answers.flush();
    options.end(id);
    drain();
  }

  function drain(): void {
    for (;;) {
      const index = holder === null ? 0 : queue.findIndex((waiting) => waiting.session === holder);
      const [next] = index < 0 ? [] : queue.splice(index, 1);
      if (next === undefined) break;
      serve(next.session, next.bytes);
    }
    answers.flush();
  }

  function serve(session: Session, bytes: Buffer): void {
    const change = listenChange(bytes);
    for (const channel of change?.listen ?? []) session.channels.add(channel);
    for (const channel of change?.unlisten ?? []) {
      if (channel === null) session.channels.clear();
      else session.channels.delete(channel);
    }
    if (session.settings !== settings) {
      options.run(queryFrame(`RESET ALL; ${session.settings}`));
      settings = session.settings;
    }
    const response = options.run(ownStatementNames(bytes, session.id, session.statements));
    deliver(session, response);
    if (change !== null && change.unlisten.length > 0) listenForTheOthers();
  }

  /** The backend stopped listening for one; the others still want to hear. */
  function listenForTheOthers(): void {
    const wanted = new Set([...sessions.values()].flatMap((session) => [...session.channels]));
    if (wanted.size > 0 && holder === null) options.run(queryFrame(listenSql(wanted)));
  }

  function deliver(session: Session, response: Buffer<ArrayBuffer>): void {
    const notices: Frame[] = [];
    let status = 'I';
    for (const found of frames(response)) {
      if (found.type === 'A') notices.push(found);
      else if (found.type === 'Z') status = String.fromCharCode(response.readUInt8(found.end - 1));
    }
    release();
    if (status !== 'I') hold(session);
    const others = notices.map((notice) => ({
      channel: notificationChannel(response, notice.start),
      bytes: joined([response.subarray(notice.start, notice.end)]),
    }));
    answers.say(session.id, without(response, notices));
    for (const notice of others) notify(notice.channel, notice.bytes);
  }

  function notify(channel: string, bytes: Buffer<ArrayBuffer>): void {
    for (const session of sessions.values()) {
      if (session.channels.has(channel)) answers.say(session.id, joined([bytes]));
    }
  }

  function hold(session: Session): void {
    holder = session;
    idle = setTimeout(() => evict(session), options.transactionMs);
  }

  function release(): void {
    holder = null;
    clearTimeout(idle);
  }

  function evict(session: Session): void {
    const text = 'The transaction was idle for too long and has been rolled back';
    answers.say(session.id, joined([fatalFrame('25P03', text)]));
    close(session.id);
  }

  function between(work: () => void): void {
    if (holder === null) work();
  }

  return { open, receive, close, between };
}

function without(response: Buffer<ArrayBuffer>, left: readonly Frame[]): Buffer<ArrayBuffer> {
  if (left.length === 0) return response;
  const parts: Buffer[] = [];
  let from = 0;
  for (const { start, end } of left) {
    parts.push(response.subarray(from, start));
    from = end;
  }
  parts.push(response.subarray(from));
  return joined(parts);
}
