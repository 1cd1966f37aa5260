import type { Aim } from '#core/alerts/alert.ts';

/** Who is on call now. `people` is empty when nobody is, or nobody could be asked; `because` says which. */
export interface OnCallAnswer {
  readonly people: readonly string[];
  readonly because: string;
}

/** Who is on call. Never throws: what cannot be asked is said in `because`. */
export interface OnCall {
  who(about: Aim): Promise<OnCallAnswer>;
}
