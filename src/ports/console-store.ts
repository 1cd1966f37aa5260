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
  /** Newest first; top-level ones when `thread` is null. */
  consoleMessages(query: {
    readonly channel: string;
    readonly thread: number | null;
    readonly beforeId?: number;
    readonly limit: number;
  }): Promise<readonly ConsoleMessage[]>;
  /** All posts and edits after `change`, oldest first. */
  consoleChanges(after: number, limit: number): Promise<readonly ConsoleMessage[]>;
}
