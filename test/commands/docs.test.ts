import { expect, it } from 'vitest';
import * as commands from '#commands/index.ts';
import { fieldOption, usage } from '#core/grammar/usage.ts';

/** The reference of all commands, written from what they declare. */
function reference(): string {
  const sections = Object.values(commands)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((command) => {
      const { name, summary, permission, open, fields, examples } = command;
      const who = open ? 'Anybody.' : `Needs a role that may \`${permission}\`.`;
      const list = fields.map(
        (field) =>
          `- \`${fieldOption(field)}\` (${field.kind}${field.required ? ', required' : ''}): ${field.summary}`,
      );
      const lines = [`/release ${usage(command)}`, '', ...examples.map((one) => `/release ${one}`)];
      return [
        `## ${name}`,
        `${summary} ${who}`,
        ...(list.length === 0 ? [] : [list.join('\n')]),
        `\`\`\`text\n${lines.join('\n')}\n\`\`\``,
      ].join('\n\n');
    });
  return `${head}\n${sections.join('\n\n')}\n`;
}

const head = `# Commands

Every command works in each chat, in the console and as \`npx signalbox release …\`. Arguments stand in
natural order; \`--name value\` always works too. A reason begins with “because” or \`--reason "…"\`.
Durations are written \`30m\`, \`1h30m\`, \`2d\` or \`PT30M\`. Names are exact: a near miss is answered
with a suggestion, never with a guess. \`/release help\` lists what _you_ may run.

This page is written from the commands themselves; \`npx vitest run test/commands/docs.test.ts -u\`
brings it up to date.
`;

it('has the present reference in docs/commands.md', async () => {
  await expect(reference()).toMatchFileSnapshot('../../docs/commands.md');
});
