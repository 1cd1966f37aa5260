import type { Permission } from './permission.ts';

/** What a field of a command means: platforms complete it and forms ask for it accordingly. */
export type FieldKind =
  | 'service'
  | 'environment'
  | 'version'
  | 'rollout'
  | 'duration'
  | 'person'
  | 'text'
  | 'flag';

/** One argument of a command, plain data. */
export interface CommandField {
  readonly name: string;
  readonly kind: FieldKind;
  readonly summary: string;
  readonly required: boolean;
  /** A word that introduces the argument (`to staging`), besides `--name value`. */
  readonly introducedBy?: string;
  /** Takes all the remaining words. */
  readonly rest?: boolean;
}

/** A command as platforms publish it: manifests, registrations, completion, help. */
export interface CommandDescriptor {
  readonly name: string;
  readonly summary: string;
  readonly permission: Permission;
  readonly fields: readonly CommandField[];
  readonly examples: readonly string[];
}
