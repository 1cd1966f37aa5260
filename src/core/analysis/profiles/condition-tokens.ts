/** A piece of an Argo condition. */
export type Token =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'sign'; readonly text: string };

const pattern =
  /\s*(?:(\d+(?:\.\d+)?(?:e[+-]?\d+)?)|([A-Za-z_]\w*)|(&&|\|\||==|!=|<=|>=|[<>!()[\]+\-*/,{}#]))/iy;

/** Cuts a condition into pieces; null when something in it is no part of the language. */
export function tokens(text: string): readonly Token[] | null {
  const found: Token[] = [];
  const source = text.trimEnd();
  pattern.lastIndex = 0;
  while (pattern.lastIndex < source.length) {
    const match = pattern.exec(source);
    if (match === null) return null;
    const [, number, name, sign] = match;
    if (number !== undefined) found.push({ kind: 'number', value: Number(number) });
    else if (name !== undefined) found.push({ kind: 'name', text: name });
    else found.push({ kind: 'sign', text: sign ?? '' });
  }
  return found;
}
