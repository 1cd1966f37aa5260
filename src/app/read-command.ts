import { type CommandLine, parseCommandLine } from '#core/grammar/parse.ts';
import type { Vocabulary } from '#core/grammar/vocabulary.ts';
import type { Actor } from '#core/people.ts';
import type { Refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import type { Settings } from '#core/settings/settings.ts';
import type { Inbound } from '#ports/gateway.ts';
import type { Authorised, Authority } from './authority.ts';
import type { BusParts } from './bus-parts.ts';
import type { BoundScope, Command, Look } from './command.ts';
import { accountAsActor } from './command-record.ts';
import {
  type PressedAction,
  planStillShown,
  pressedAction,
  tokenPattern,
  unknownButton,
} from './pressed-action.ts';

/** A delivery that was understood and permitted, or is refused. Nothing has been done yet. */
export type ReadCommand =
  | {
      readonly kind: 'permitted';
      readonly look: Look;
      readonly line: CommandLine;
      readonly command: Command;
      readonly bound: BoundScope;
      readonly authorised: Authorised;
      readonly action: PressedAction | null;
    }
  | {
      readonly kind: 'refused';
      readonly actor: Actor;
      readonly line: CommandLine | null;
      readonly refusal: Refusal;
    };

/**
 * Identifies, reads and authorises one delivery. It only looks, so it may run twice.
 * Rights that only show something may be answered from a short cache; all others are asked now.
 * @throws Fault when something that it asks is out of reach
 */
export async function readCommand(parts: BusParts, inbound: Inbound): Promise<ReadCommand> {
  const { world, rollouts, authority, catalogue } = parts;
  const stranger = accountAsActor(inbound.account, inbound.displayName);
  const identified = await authority.identify(inbound);
  if (!identified.ok) {
    return { kind: 'refused', actor: stranger, line: null, refusal: identified.refusal };
  }
  const actor = identified.value;
  const settings = world.settings();
  const read: Look['read'] = (run) => world.store.transact(run);
  const look: Look = { actor, inbound, settings, rollouts, read };

  const action = await pressedBy(parts, look);
  const understood =
    action === null ? typed(inbound, catalogue, settings.settings) : lineOf(action);
  if (!understood.ok) {
    return { kind: 'refused', actor, line: null, refusal: understood.refusal };
  }
  const line = understood.value;
  const refuse = (refusal: Refusal): ReadCommand => ({ kind: 'refused', actor, line, refusal });

  const command = catalogue.get(line.command);
  if (command === undefined) throw new Error('A command was read that is not in the catalogue');
  const prepared = command.prepare(line.args);
  if (!prepared.ok) return refuse(prepared.refusal);
  const bound = await prepared.value.scope(look);
  if (!bound.ok) return refuse(bound.refusal);
  const authorised = await permission(authority, command, actor, bound.value);
  if (!authorised.ok) return refuse(authorised.refusal);
  return {
    kind: 'permitted',
    look,
    line,
    command,
    bound: bound.value,
    authorised: authorised.value,
    action: action?.ok === true ? action.value : null,
  };
}

function permission(
  authority: Authority,
  command: Command,
  actor: Actor,
  { scope }: BoundScope,
): Promise<Result<Authorised>> | Result<Authorised> {
  if (command.open) return ok({ role: 'anybody', evidence: [] });
  const fresh = command.permission !== 'view';
  return authority.authorise(actor, command.permission, scope, fresh);
}

/** The action behind a pressed button, checked against the plan as it is now; null when typed. */
async function pressedBy(parts: BusParts, look: Look): Promise<Result<PressedAction> | null> {
  const { content } = look.inbound;
  if (content.kind === 'command') return null;
  if (!tokenPattern.test(content.token)) return no(unknownButton);
  return look.read(async (tx) => {
    const stored = await tx.action(content.token);
    const action = pressedAction(stored, content.input, tx.now, parts.catalogue);
    if (!action.ok || action.value.rollout === null) return action;
    const stale = planStillShown(action.value, await parts.rollouts.read(tx, action.value.rollout));
    return stale === null ? action : no(stale);
  });
}

function typed(
  inbound: Inbound,
  catalogue: ReadonlyMap<string, Command>,
  settings: Settings,
): Result<CommandLine> {
  const text = inbound.content.kind === 'command' ? inbound.content.text : '';
  return parseCommandLine(text, catalogue, vocabularyOf(settings));
}

function lineOf(action: Result<PressedAction>): Result<CommandLine> {
  return action.ok ? ok(action.value.line) : action;
}

function vocabularyOf(settings: Settings): Vocabulary {
  return {
    isService: (word) => Object.hasOwn(settings.services, word),
    isEnvironment: (word) => Object.hasOwn(settings.environments, word),
    isPerson: (word) => Object.hasOwn(settings.people, word),
  };
}
