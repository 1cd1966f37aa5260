import type { Instant } from '#core/ids.ts';

/** What a button stands for, kept on the server. */
export interface StoredAction {
  readonly token: string;
  /** Name of the command that the press runs. */
  readonly command: string;
  /** Its arguments, as parsed: names to texts. */
  readonly args: Readonly<Record<string, string>>;
  /** The plan that was shown beside the button; a press under another plan is refused. */
  readonly planHash: string | null;
  readonly rollout: string | null;
  readonly expiresAt: Instant;
}

export interface ActionStore {
  /** Storing the same token again changes nothing. */
  storeActions(actions: readonly StoredAction[]): Promise<void>;
  action(token: string): Promise<StoredAction | null>;
}
