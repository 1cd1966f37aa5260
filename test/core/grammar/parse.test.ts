import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommandDescriptor } from '#core/command.ts';
import { parseCommandLine } from '#core/grammar/parse.ts';

const reason = {
  name: 'reason',
  kind: 'text',
  summary: 'Why.',
  required: false,
  introducedBy: 'because',
} as const;
const service = { name: 'service', kind: 'service', summary: 'What.', required: true } as const;

const commands: readonly CommandDescriptor[] = [
  {
    name: 'deploy',
    summary: 'Releases.',
    permission: 'deploy',
    fields: [
      service,
      { name: 'version', kind: 'version', summary: 'Which.', required: true },
      {
        name: 'environment',
        kind: 'environment',
        summary: 'Where.',
        required: false,
        introducedBy: 'to',
      },
      reason,
      { name: 'steal', kind: 'flag', summary: 'Take over.', required: false },
      { name: 'breakGlass', kind: 'flag', summary: 'Pass gates.', required: false },
    ],
    examples: ['deploy api v1'],
  },
  {
    name: 'lock',
    summary: 'Locks.',
    permission: 'lock',
    fields: [
      service,
      { name: 'environment', kind: 'environment', summary: 'Where.', required: true },
      { name: 'for', kind: 'duration', summary: 'How long.', required: false, introducedBy: 'for' },
      { ...reason, rest: true },
    ],
    examples: ['lock api production because moving'],
  },
  {
    name: 'pause',
    summary: 'Pauses.',
    permission: 'advance',
    fields: [
      { name: 'rollout', kind: 'rollout', summary: 'Which.', required: false },
      { ...service, required: false },
      {
        name: 'environment',
        kind: 'environment',
        summary: 'Where.',
        required: false,
        introducedBy: 'in',
      },
      reason,
    ],
    examples: ['pause api-3'],
  },
  { name: 'help', summary: 'Helps.', permission: 'view', fields: [], examples: ['help'] },
];
const catalogue = new Map(commands.map((command) => [command.name, command]));
const services = new Set(['api', 'shop', 'to-do']);
const environments = new Set(['staging', 'production']);
const names = {
  isService: (word: string) => services.has(word),
  isEnvironment: (word: string) => environments.has(word),
  isPerson: () => false,
};

function parse(text: string) {
  return parseCommandLine(text, catalogue, names);
}

describe('reading a command', () => {
  const api = { service: 'api', version: 'v1.4.2' };
  it.each<[string, string, Record<string, string>]>([
    ['deploy api v1.4.2', 'deploy', api],
    ['  Deploy   api v1.4.2 ', 'deploy', api],
    ['deploy v1.4.2 api', 'deploy', api],
    ['deploy api v1.4.2 to staging', 'deploy', { ...api, environment: 'staging' }],
    ['deploy api to staging v1.4.2', 'deploy', { ...api, environment: 'staging' }],
    ['deploy api staging v1.4.2', 'deploy', { ...api, environment: 'staging' }],
    ['deploy api main', 'deploy', { service: 'api', version: 'main' }],
    ['deploy api v1.4.2 TO staging', 'deploy', { ...api, environment: 'staging' }],
    ['deploy --service api --version=v1.4.2', 'deploy', api],
    ['deploy api v1.4.2 --break-glass', 'deploy', { ...api, breakGlass: 'true' }],
    ['deploy api v1.4.2 —break-glass', 'deploy', { ...api, breakGlass: 'true' }],
    ['deploy api v1.4.2 --reason "two words"', 'deploy', { ...api, reason: 'two words' }],
    [
      'deploy api v1.4.2 --reason=“two words” --steal',
      'deploy',
      { ...api, reason: 'two words', steal: 'true' },
    ],
    [
      "deploy api v1.4.2 because customers can't pay",
      'deploy',
      { ...api, reason: "customers can't pay" },
    ],
    [
      'deploy api v1.4.2 because we go to production for 3d',
      'deploy',
      { ...api, reason: 'we go to production for 3d' },
    ],
    ['deploy api v1.4.2 because of the move', 'deploy', { ...api, reason: 'the move' }],
    [
      'deploy api v1.4.2 because "a \\"quoted\\" word" --steal',
      'deploy',
      { ...api, reason: 'a "quoted" word', steal: 'true' },
    ],
    ['deploy api v1.4.2 --reason ‘single quotes’', 'deploy', { ...api, reason: 'single quotes' }],
    [
      'deploy to-do v2 to production',
      'deploy',
      { service: 'to-do', version: 'v2', environment: 'production' },
    ],
    ['deploy apii v1.4.2', 'deploy', { service: 'apii', version: 'v1.4.2' }],
    ['deploy api v1.4.2 stagin', 'deploy', { ...api, environment: 'stagin' }],
    [
      'lock api production moving the database',
      'lock',
      { service: 'api', environment: 'production', reason: 'moving the database' },
    ],
    [
      'lock api production for 2h moving',
      'lock',
      { service: 'api', environment: 'production', for: '2h', reason: 'moving' },
    ],
    [
      'lock api production waiting for review',
      'lock',
      { service: 'api', environment: 'production', reason: 'waiting for review' },
    ],
    ['lock api production 30m', 'lock', { service: 'api', environment: 'production', for: '30m' }],
    [
      'lock api production PT30M tests of api in staging',
      'lock',
      {
        service: 'api',
        environment: 'production',
        for: 'PT30M',
        reason: 'tests of api in staging',
      },
    ],
    ['pause api-3', 'pause', { rollout: 'api-3' }],
    [
      'pause api in staging because odd',
      'pause',
      { service: 'api', environment: 'staging', reason: 'odd' },
    ],
    ['', 'help', {}],
  ])('%s', (text, command, args) => {
    expect(parse(text)).toEqual({ ok: true, value: { command, args } });
  });
});

describe('refusing what cannot be read', () => {
  it.each<[string, string, string]>([
    ['an unknown command, with a suggestion', 'depoly api v1', 'command.unknown'],
    ['a missing argument', 'deploy api', 'command.syntax'],
    ['a word without a place', 'deploy api v1 to staging v2', 'command.syntax'],
    ['an unknown option', 'deploy api v1 --forse', 'command.syntax'],
    ['an option without its value', 'deploy api v1 --reason', 'command.syntax'],
    ['an option before another', 'deploy api v1 --reason --steal', 'command.syntax'],
    ['a switch with a value', 'deploy api v1 --steal=yes', 'command.syntax'],
    [
      'an argument given twice',
      'deploy api v1 to staging --environment production',
      'command.syntax',
    ],
    ['an introducing word at the end', 'deploy api v1 to', 'command.syntax'],
    ['an open quotation', 'deploy api v1 because "broken', 'command.syntax'],
    ['text glued to a quotation', 'deploy api v1 --reason "a"b', 'command.syntax'],
    ['a line break', 'deploy api v1\nto production', 'command.syntax'],
    ['a tab', 'deploy\tapi v1', 'command.syntax'],
    ['a NUL', 'deploy api v1\0', 'command.syntax'],
    ['a right-to-left override', 'deploy api v1 \u202eto production', 'command.syntax'],
    ['a zero-width space', 'deploy a\u200bpi v1', 'command.syntax'],
    ['a byte order mark', '\ufeffdeploy api v1', 'command.syntax'],
    ['a lone surrogate', 'deploy api v1 because \ud800', 'command.syntax'],
    ['a text too long', `deploy api v1 because ${'x'.repeat(2000)}`, 'command.too_long'],
    ['a hundred kilobytes', 'x'.repeat(100_000), 'command.too_long'],
    ['the name of an inherited property', 'constructor', 'command.unknown'],
  ])('%s', (_what, text, code) => {
    const read = parse(text);
    expect(read.ok ? read.value : read.refusal.code).toBe(code);
    expect(read.ok || read.refusal.next.length > 0).toBe(true);
  });

  it('suggests, and does not guess', () => {
    const read = parse('depoly api v1');
    expect(read).toMatchObject({ ok: false });
    expect(read.ok ? '' : read.refusal.next).toContain('Did you mean “deploy”?');
  });

  it('never throws, and never returns what was not in the text', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'deploy',
        'lock',
        'api',
        'staging',
        'to',
        'for',
        'because',
        '--reason',
        '"',
        '2h',
      ),
      fc.string({ maxLength: 8, unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const text = words.join(' ');
        const read = parse(text);
        if (!read.ok) return true;
        const clean = text.normalize('NFC');
        return Object.values(read.value.args).every(
          (value) =>
            value === 'true' || clean.includes(value.replaceAll('"', '')) || value.includes('"'),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('reads back what it was given, in any order', () => {
    const parts = fc.shuffledSubarray(
      ['api', 'v1.4.2', 'to staging', '--steal', '--reason "a b"'],
      {
        minLength: 5,
      },
    );
    fc.assert(
      fc.property(parts, (order) => {
        const read = parse(['deploy', ...order].join(' '));
        expect(read).toEqual({
          ok: true,
          value: {
            command: 'deploy',
            args: {
              service: 'api',
              version: 'v1.4.2',
              environment: 'staging',
              steal: 'true',
              reason: 'a b',
            },
          },
        });
      }),
    );
  });

  it('says what a word needs that has something else behind it', () => {
    const read = parse('lock api staging for -5m because moving');
    expect(read).toMatchObject({
      refusal: {
        message: '“for” needs a duration such as 30m, 2h or 1d after it, and “-5m” is none.',
        next: expect.stringContaining('[for <duration>]'),
      },
    });
  });
});
