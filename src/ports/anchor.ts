/**
 * A place outside the database where checkpoints are left, so that a database which was set back
 * or rewritten can be told from the true one.
 */
export interface Anchor {
  readonly name: string;
  /** Leaves a checkpoint (a signed note). Leaving the same one again changes nothing. */
  publish(checkpoint: string): Promise<void>;
  /** The newest checkpoint that was left; null when there is none. Throws when it cannot be read. */
  newest(): Promise<string | null>;
}
