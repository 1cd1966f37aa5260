/** What stood on the command line: our own options apart, the command as one text. */
export interface Invocation {
  readonly words: readonly string[];
  readonly json: boolean;
  readonly watch: boolean;
  /** Demo mode: the persona to act as. */
  readonly as: string | null;
  readonly url: string | null;
  readonly colour: boolean;
}

/** Reads the arguments. Everything that is not ours belongs to the command. */
export function readInvocation(argv: readonly string[]): Invocation {
  const words: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string>();
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    const [name = '', value] = word.split('=', 2);
    if (word === '--json' || word === '--watch' || word === '--no-color') flags.add(word);
    else if (name === '--as' || name === '--url') {
      if (value === undefined) at += 1;
      values.set(name, value ?? argv[at] ?? '');
    } else words.push(word);
  }
  return {
    words: asCommand(words),
    json: flags.has('--json'),
    watch: flags.has('--watch'),
    as: values.get('--as') ?? null,
    url: values.get('--url') ?? null,
    colour: !flags.has('--no-color'),
  };
}

/** `deploy --help` as the command that chat has for it. */
function asCommand(words: readonly string[]): readonly string[] {
  if (!words.includes('--help') && !words.includes('-h')) return words;
  return ['help', ...words.filter((word) => !word.startsWith('-')).slice(0, 1)];
}

/** The command as Signalbox reads it: words that the shell kept together stay together. */
export function commandText(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  if (word !== '' && !/[\s"'“”„«»‘’‚\\]/.test(word)) return word;
  const option = /^(--[a-z][a-z0-9-]*=)([\s\S]*)$/.exec(word);
  const [head, value] = option === null ? ['', word] : [option[1] ?? '', option[2] ?? ''];
  return `${head}"${value.replaceAll(/[\\"]/g, '\\$&')}"`;
}
