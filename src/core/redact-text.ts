/** What stands for a value that must not be seen. */
export const redacted = '[redacted]';

/** Texts that give themselves away, and what is left of them. */
const secretTexts: readonly (readonly [pattern: RegExp, left: string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, redacted],
  // Slack: bot, user, app-level, refresh and configuration tokens; incoming webhooks.
  [/\b(?:xox[a-z]|xapp|xwfp)-[\w-]{8,}/g, redacted],
  [/\bxoxe\.[\w.-]{8,}/g, redacted],
  [/(hooks\.slack\.com\/\w+\/)[\w/]+/g, `$1${redacted}`],
  // Discord: bot tokens, and webhooks and interactions with the token in the path.
  [/\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}/g, redacted],
  [/(\/(?:webhooks|interactions)\/\d+\/)[\w-]{20,}/g, `$1${redacted}`],
  [/\b(Bearer|Basic|Bot)\s+[\w.~+/-]{8,}=*/gi, `$1 ${redacted}`],
  [/\beyJ[\w-]{4,}\.[\w-]{4,}\.[\w-]*/g, redacted],
  [/\b(?:gh[a-z]_|github_pat_|glpat-)\w{16,}/g, redacted],
  [/\bA(?:KIA|SIA)[A-Z0-9]{16}\b/g, redacted],
  // scheme://user:password@host; the password may hold an @ that nobody encoded.
  [/\b([a-z][a-z\d+.-]*:\/\/[^\s:/?#@]*):[^\s/?#]*@/gi, `$1:${redacted}@`],
  [
    /([?&;](?:[\w-]*(?:token|secret|password|signature|api_?key)|sig|code)=)[^\s&;#]+/gi,
    `$1${redacted}`,
  ],
  // As programs print their settings: DB_PASSWORD=… and {"apiKey":"…"}.
  [
    /((?:^|[\s"'{,])[\w.-]*(?:token|secret|password|passwd|passphrase|api_?key|private_?key)s?["']?(?:=|:\s*(?=["']))["']?)[^\s"'&;,]+/gi,
    `$1${redacted}`,
  ],
];

const longest = 8000;

/** The text without what looks like a secret, cut at 8,000 characters. */
export function redactText(text: string): string {
  let seen = text.length > longest ? `${text.slice(0, longest)} …` : text;
  for (const [pattern, left] of secretTexts) seen = seen.replace(pattern, left);
  return seen;
}
