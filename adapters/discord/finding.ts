/** One thing that was looked at; `fix` says what to do where it is not well. */
export interface Finding {
  readonly well: boolean;
  readonly what: string;
  readonly fix: string;
}

/** `fix` is null where everything is well. */
export function finding(what: string, fix: string | null = null): Finding {
  return { well: fix === null, what, fix: fix ?? '' };
}
