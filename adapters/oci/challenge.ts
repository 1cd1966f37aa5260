/** What a registry asks for with `WWW-Authenticate` (RFC 9110, 11.6.1; distribution token spec). */
export interface Challenge {
  readonly scheme: 'basic' | 'bearer';
  readonly parameters: Readonly<Record<string, string>>;
}

/** Reads the header; null when it is absent or asks for something unknown. */
export function parseChallenge(header: string | null): Challenge | null {
  const [, name = '', rest = ''] = /^\s*([a-z]+)\s*(.*)$/i.exec(header ?? '') ?? [];
  const scheme = name.toLowerCase();
  if (scheme !== 'basic' && scheme !== 'bearer') return null;
  const pairs = rest.matchAll(/([a-z_]+)\s*=\s*(?:"([^"\\]*)"|([^\s,"]+))/gi);
  const parameters = Object.fromEntries(
    [...pairs].map(([, key = '', quoted, bare]) => [key.toLowerCase(), quoted ?? bare ?? '']),
  );
  return { scheme, parameters };
}
