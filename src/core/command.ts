import type { Permission } from './permission.ts';

/** What a field of a command means: platforms complete it and forms ask for it accordingly. */
export type FieldKind =
  | 'service'
  | 'environment'
  | 'version'
  | 'rollout'
  | 'alert'
  | 'duration'
  | 'person'
  | 'number'
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
  /** Takes the words that nothing else claimed. */
  readonly rest?: boolean;
  /** Its value is recorded only as a hash. */
  readonly secret?: boolean;
}

/** A command as platforms publish it: manifests, registrations, completion, help. */
export interface CommandDescriptor {
  readonly name: string;
  readonly summary: string;
  readonly permission: Permission;
  readonly fields: readonly CommandField[];
  readonly examples: readonly string[];
}
