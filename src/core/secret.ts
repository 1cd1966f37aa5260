/** A text that must not be seen: it prints, serialises and inspects as `[hidden]`. */
export interface Secret {
  /** The text itself: call it where it is used, and keep no copy. */
  reveal(): string;
  toString(): string;
  toJSON(): string;
}

/** Wraps a text so that it cannot reach a log or an answer by accident. */
export function secret(text: string): Secret {
  const hidden = () => '[hidden]';
  return { reveal: () => text, toString: hidden, toJSON: hidden };
}
