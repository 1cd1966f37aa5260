import { describe, expect, it } from 'vitest';
import type { CommandDescriptor, CommandField, FieldKind } from '#core/command.ts';
import { locateCompletion } from '#core/completion.ts';

function field(name: string, kind: FieldKind, more: Partial<CommandField> = {}): CommandField {
  return { name, kind, summary: name, required: true, ...more };
}

const deploy: CommandDescriptor = {
  name: 'deploy',
  summary: 'Release.',
  permission: 'deploy',
  fields: [
    field('service', 'service'),
    field('version', 'version'),
    field('environment', 'environment', { introducedBy: 'to', required: false }),
    field('reason', 'text', { introducedBy: 'because', required: false, rest: true }),
    field('breakGlass', 'flag', { required: false }),
  ],
  examples: [],
};

describe('what is being typed', () => {
  it.each([
    ['', 'command', null, ''],
    ['dep', 'command', null, 'dep'],
    ['deploy ', 'field', 'service', ''],
    ['deploy sh', 'field', 'service', 'sh'],
    ['deploy shop ', 'field', 'version', ''],
    ['deploy shop v2 ', 'more', null, ''],
    ['deploy shop v2 to ', 'field', 'environment', ''],
    ['deploy shop v2 to pro', 'field', 'environment', 'pro'],
    ['deploy to production ', 'field', 'service', ''],
    ['deploy shop --', 'more', null, '--'],
    ['deploy --environment ', 'field', 'environment', ''],
    ['deploy --environment=staging shop ', 'field', 'version', ''],
    ['deploy --break-glass shop ', 'field', 'version', ''],
    ['deploy shop v2 because ', 'field', 'reason', ''],
  ])('%j', (text, kind, name, prefix) => {
    const found = locateCompletion(text, [deploy]);
    expect(found).toMatchObject({ kind, prefix, from: text.length - prefix.length });
    expect(found?.kind === 'field' ? found.field.name : null).toBe(name);
  });

  it('knows what was given already', () => {
    const found = locateCompletion('deploy shop to staging v', [deploy]);
    expect(found?.kind === 'field' ? found.given : null).toEqual({
      service: 'shop',
      environment: 'staging',
    });
  });

  it('offers only what is still open', () => {
    const found = locateCompletion('deploy shop v2 to staging ', [deploy]);
    const open = found?.kind === 'more' ? found.open.map(({ name }) => name) : [];
    expect(open).toEqual(['reason', 'breakGlass']);
  });

  it('offers nothing for a command that it does not know', () => {
    expect(locateCompletion('launch ', [deploy])).toBeNull();
  });
});
