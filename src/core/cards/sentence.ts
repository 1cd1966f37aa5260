/** A clause as a sentence of its own: a capital at the front, a full stop at the end. */
export function sentence(clause: string): string {
  const text = clause.trim();
  if (text === '') return '';
  const front = startsWithName(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return closed(front);
}

/** The text with a full stop, unless it ends in punctuation already. */
export function closed(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** A sentence's beginning in the middle of another: lower case, unless it is a name. */
export function lowerFirst(text: string): string {
  return startsWithName(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

/** Names such as `v2`, `p95` or `HTTP` keep their own letters. */
function startsWithName(text: string): boolean {
  const second = text.charAt(1);
  return second !== '' && second !== ' ' && second === second.toUpperCase();
}

/** The first sentence of a longer explanation: what comes after it are the numbers. */
export function firstSentence(text: string): string {
  const end = /[.!?](?=\s+\p{Lu}|\s+\d)/u.exec(text);
  return end === null ? text : text.slice(0, end.index + 1);
}
