/** What is kept of one, in characters. */
const longest = 300;

/**
 * The text under a heading that is about risk (`## Risk`, `### Risks and rollout`, `Risk: …`) of a
 * description in Markdown; null when there is none, or when it says that there is none.
 */
export function riskSection(body: string): string | null {
  const lines = body
    .replaceAll('\r', '')
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .split('\n');
  const at = lines.findIndex((line) => /^\s{0,3}(?:#{1,6}\s+|\*\*\s*)?risks?\b/i.test(line));
  const first = lines[at];
  if (first === undefined) return null;
  const level = /^\s{0,3}(#+)/.exec(first)?.[1]?.length ?? null;
  const inline = level === null ? first.replace(/^[^:]*:?\**:?\s*/, '') : '';
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => ends(line, level));
  const text = [inline, ...(end < 0 ? rest : rest.slice(0, end))]
    .map((line) =>
      line
        .replace(/^\s*[-*]\s+/, '')
        .replaceAll(/[*_`]+/g, '')
        .trim(),
    )
    .filter((line) => line !== '')
    .join(' ')
    .replaceAll(/\s+/g, ' ');
  if (text === '' || /^(?:none|no|n\/a|nothing|low|keine?)\.?$/i.test(text)) return null;
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** A section ends at the next heading; a line `Risk: …` at the next empty line. */
function ends(line: string, level: number | null): boolean {
  if (/^\s{0,3}#{1,6}\s/.test(line)) return true;
  return level === null && line.trim() === '';
}
