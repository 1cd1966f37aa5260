import type { Instant } from '#core/ids.ts';
import type { View } from '#core/message.ts';

/** A message in the console's own chat. `thread` is the id of the message it hangs under. */
export interface ConsoleMessage {
  readonly id: number;
  readonly channel: string;
  readonly thread: number | null;
  /** The delivery key; the same key never makes a second message. */
  readonly key: string;
  /** Account user id of the author; null for Signalbox. */
  readonly author: string | null;
  readonly authorName: string;
  /** Private messages are shown to this user alone. */
  readonly onlyFor: string | null;
  readonly view: View;
  readonly postedAt: Instant;
  readonly editedAt: Instant | null;
  /** Rises with every post and edit in the console: for resuming a stream of changes. */
  readonly change: number;
}

/** How many replies hang under a message, private ones not counted, and when the last one came. */
export interface ConsoleThread {
  readonly message: number;
  readonly replies: number;
  readonly lastAt: Instant;
}

/** Who signed in last under a user id, and which groups the issuer named then. */
export interface ConsoleAccount {
  readonly user: string;
  readonly name: string;
  readonly groups: readonly string[];
  readonly asOf: Instant;
}

/** The end of a session, or of all that an account began so far, before their time. */
export interface ConsoleSignOut {
  readonly user: string;
  /** Digest of what makes the session's cookie its own; null for all that began up to `at`. */
  readonly session: string | null;
  readonly at: Instant;
  /** From then on such cookies are over by themselves, and it may be forgotten. */
  readonly until: Instant;
}

/** Where the console, itself a chat platform, keeps its messages. */
export interface ConsoleStore {
  postConsole(message: {
    readonly channel: string;
    readonly thread: number | null;
    readonly key: string;
    readonly author: string | null;
    readonly authorName: string;
    readonly onlyFor: string | null;
    readonly view: View;
  }): Promise<ConsoleMessage>;
  editConsole(id: number, view: View): Promise<ConsoleMessage | null>;
  findConsole(key: string): Promise<ConsoleMessage | null>;
  /** By id; null when there is no such message. */
  consoleMessage(id: number): Promise<ConsoleMessage | null>;
  /** Newest first; top-level ones when `thread` is null. With `visibleTo`, without what is private to others. */
  consoleMessages(query: {
    readonly channel: string;
    readonly thread: number | null;
    readonly beforeId?: number;
    readonly visibleTo?: string;
    readonly limit: number;
  }): Promise<readonly ConsoleMessage[]>;
  /**
   * All posts and edits after `change`, oldest first. Change numbers become visible in their order:
   * who has read up to one never misses a smaller one that commits later.
   */
  consoleChanges(after: number, limit: number): Promise<readonly ConsoleMessage[]>;
  /** The newest change number; 0 when there is none. */
  consoleHead(): Promise<number>;
  /** For those of the messages that have replies. */
  consoleThreads(messages: readonly number[]): Promise<readonly ConsoleThread[]>;
  /** Remembers the newest message that a user has seen in a channel; it never goes back. */
  markConsoleRead(user: string, channel: string, id: number): Promise<void>;
  consoleReads(user: string): Promise<readonly { readonly channel: string; readonly id: number }[]>;
  /** Overwrites what was known of the user. */
  storeConsoleAccount(account: ConsoleAccount): Promise<void>;
  consoleAccount(user: string): Promise<ConsoleAccount | null>;
  /** Ends sessions for every process, and forgets what is over by then. */
  signOutConsole(end: ConsoleSignOut): Promise<void>;
  /** Whether a session was ended, by itself or with all others of the account. */
  consoleSignedOut(session: {
    readonly user: string;
    readonly session: string;
    readonly begunAt: Instant;
  }): Promise<boolean>;
}
