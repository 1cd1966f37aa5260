import type { CommandDescriptor, CommandField } from '#core/command.ts';

/** How a command is written, without the slash: `deploy <service> <version> [to <environment>]`. */
export function usage(command: CommandDescriptor): string {
  return [command.name, ...command.fields.map(fieldUsage)].join(' ');
}

function fieldUsage(field: CommandField): string {
  const shape = fieldShape(field);
  return field.required ? shape : `[${shape}]`;
}

function fieldShape(field: CommandField): string {
  const name = fieldOption(field);
  if (field.kind === 'flag') return `--${name}`;
  // `for <duration>`, where `for <for>` would say nothing.
  const value =
    field.kind === 'duration' && field.introducedBy === name ? '<duration>' : `<${name}>`;
  return field.introducedBy === undefined ? value : `${field.introducedBy} ${value}`;
}

/** The name of a field as people type it: `breakGlass` is `--break-glass`. */
export function fieldOption(field: CommandField): string {
  return field.name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
