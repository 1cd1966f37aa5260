import { z } from 'zod';
import type { CommandDescriptor } from '#core/command.ts';
import type { View } from '#core/message.ts';
import type { Actor } from '#core/people.ts';
import type { Permission } from '#core/permission.ts';
import { type Refusal, refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import type { Inbound } from '#ports/gateway.ts';
import type { Transaction } from '#ports/store.ts';
import type { Authorised, Authority, Scope } from './authority.ts';
import { describeFields, type FieldShape } from './command-field.ts';
import type { Rollouts } from './rollouts.ts';
import type { SettingsSnapshot, World } from './world.ts';

/** What a command answers when it has done its work. */
export interface Answer {
  readonly view: View;
  /** `channel`: for everybody to see. Private unless told. */
  readonly visibility?: 'private' | 'channel';
  /** The rollout that the command made or concerned. */
  readonly rollout?: string;
  /** What an account was linked for: it is done now. */
  readonly resume?: unknown;
  /** Machine-readable result for the CLI's `--json`. */
  readonly data?: unknown;
}

/** What may be looked up before authority is asked: names and rollouts, nothing else. */
export interface Look {
  readonly actor: Actor;
  readonly inbound: Inbound;
  readonly settings: SettingsSnapshot;
  readonly rollouts: Rollouts;
  read<T>(run: (tx: Transaction) => Promise<T>): Promise<T>;
}

/** What a running command has. */
export interface CommandContext extends Look {
  readonly authorised: Authorised;
  readonly world: World;
  readonly authority: Authority;
  /** All commands, for help. */
  readonly commands: readonly (CommandDescriptor & { readonly open: boolean })[];
  /** The plan that was shown beside the button that was pressed; null when typed. */
  readonly planHash: string | null;
  /**
   * The one transaction in which the command does its work; at most once per command. It also
   * finishes the inbox row and records the decision. A refusal undoes everything in it.
   */
  transact<T>(run: (tx: Transaction) => Promise<Result<T>>): Promise<Result<T>>;
}

/** A command bound to the arguments of one call. */
export interface Prepared {
  /** For what the permission is asked. Refusals: unknown names. */
  scope(look: Look): Promise<Result<BoundScope>>;
}

/** Where it would act, and the way to make it act there. */
export interface BoundScope {
  readonly scope: Scope;
  run(context: CommandContext): Promise<Result<Answer>>;
}

/** A command: a descriptor that can be prepared with arguments. */
export interface Command extends CommandDescriptor {
  /** Anybody who is not excluded may run it: it tells people about themselves, or checks for itself. */
  readonly open: boolean;
  /** Refusals: `command.syntax`, `time.syntax`. */
  prepare(args: Readonly<Record<string, string>>): Result<Prepared>;
}

/** A command as its file declares it. `subject` is whatever `scopeOf` found: at least the place. */
interface CommandDefinition<Shape extends FieldShape, Subject extends Scope> {
  readonly name: string;
  readonly summary: string;
  readonly permission: Permission;
  readonly open?: boolean;
  readonly fields: Shape;
  readonly examples: readonly string[];
  /** Finds what the command is about. It only looks; authority is asked afterwards. */
  scopeOf(
    input: z.output<z.ZodObject<Shape, z.core.$strict>>,
    look: Look,
  ): Result<Subject> | Promise<Result<Subject>>;
  run(
    context: CommandContext,
    input: z.output<z.ZodObject<Shape, z.core.$strict>>,
    subject: Subject,
  ): Promise<Result<Answer>>;
}

/** The scope of a command that concerns no place. */
export const nowhere: Scope = { service: null, environment: null };

/** Makes a command of its definition; the input's type follows from the fields. */
export function defineCommand<Shape extends FieldShape, Subject extends Scope>(
  definition: CommandDefinition<Shape, Subject>,
): Command {
  const { name, summary, permission, examples } = definition;
  const input = z.strictObject(definition.fields);
  const fields = describeFields(definition.fields);
  return {
    name,
    summary,
    permission,
    open: definition.open ?? false,
    fields,
    examples,
    prepare(args) {
      const read = input.safeParse(args);
      if (!read.success) return no(unreadable(read.error, args, name));
      return ok({
        async scope(look) {
          const subject = await definition.scopeOf(read.data, look);
          if (!subject.ok) return subject;
          return ok({
            scope: { service: subject.value.service, environment: subject.value.environment },
            run: (context) => definition.run(context, read.data, subject.value),
          });
        },
      });
    },
  };

  function unreadable(
    error: z.ZodError,
    args: Readonly<Record<string, string>>,
    command: string,
  ): Refusal {
    const [issue] = error.issues;
    const field = String(issue?.path[0] ?? '');
    const kind = fields.find((one) => one.name === field)?.kind;
    return refusal(
      kind === 'duration' ? 'time.syntax' : 'command.syntax',
      `“${(args[field] ?? field).slice(0, 64)}” ${issue?.message ?? 'cannot be read'}.`,
      `Type “help ${command}” to see how it is written.`,
    );
  }
}
