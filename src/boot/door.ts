/** One subcommand. `run` resolves with the exit code when everything is done. */
export interface Door {
  readonly names: readonly string[];
  readonly usage: string;
  readonly summary: string;
  run(words: readonly string[], name: string): Promise<number>;
}
