/**
 * A metric's name in our form: lower-case letters, digits and hyphens; numbered when taken already.
 * Adds it to `taken`.
 */
export function metricName(name: string, taken: Set<string>): string {
  const plain =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 58) || 'metric';
  let found = plain;
  for (let number = 2; taken.has(found); number++) found = `${plain}-${number}`;
  taken.add(found);
  return found;
}
