import { locateCompletion, optionName } from '#core/completion.ts';
import type { Client } from './client.ts';

const scripts: Readonly<Record<string, string>> = {
  bash: `_signalbox() {
  local IFS=$'\\n'
  COMPREPLY=($(signalbox complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -F _signalbox signalbox
`,
  zsh: `#compdef signalbox
_signalbox() {
  local -a found
  local line
  while IFS=$'\\t' read -r value label; do
    found+=("\${value//:/\\\\:}:\${label}")
  done < <(signalbox complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe 'signalbox' found
}
compdef _signalbox signalbox
`,
  fish: `complete -c signalbox -f -a '(signalbox complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
};

/** The script that teaches a shell to complete; null for an unknown shell. */
export function completionScript(shell: string): string | null {
  return scripts[shell] ?? null;
}

/** Subcommands that a running server answers. */
const own = [
  { value: 'release', label: 'Run a command' },
  { value: 'board', label: 'What runs where' },
  { value: 'completion', label: 'Completion for bash, zsh or fish' },
];

/** What may stand where the last word is: `value<TAB>label` lines. */
export async function completeWords(client: Client, words: readonly string[]): Promise<string> {
  const [first = '', ...rest] = words;
  if (rest.length === 0) return lines(own, first);
  if (first === 'completion') {
    return lines(
      Object.keys(scripts).map((value) => ({ value, label: '' })),
      rest[0] ?? '',
    );
  }
  if (first !== 'release') return '';
  const { commands } = await client.commands();
  const found = locateCompletion(rest.join(' '), commands);
  if (found === null) return '';
  if (found.kind === 'command') {
    const named = commands.map(({ name, summary }) => ({ value: name, label: summary }));
    return lines(named, found.prefix);
  }
  if (found.kind === 'more') {
    const open = found.open.map((field) => ({
      value: field.introducedBy ?? `--${optionName(field)}`,
      label: field.summary,
    }));
    return lines(open, found.prefix);
  }
  const { command, field, given, prefix } = found;
  const question = { command: command.name, field: field.name, given, prefix };
  return lines(await client.complete(question), prefix);
}

function lines(
  all: readonly { readonly value: string; readonly label: string }[],
  prefix: string,
): string {
  return all
    .filter(({ value }) => value.startsWith(prefix))
    .map(({ value, label }) => `${value}\t${label}\n`)
    .join('');
}
