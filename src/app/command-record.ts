import type { CommandEvent } from '#core/command-event.ts';
import type { CommandLine } from '#core/grammar/parse.ts';
import { type Account, type Actor, accountKey } from '#core/people.ts';
import type { Permission } from '#core/permission.ts';
import type { Refusal } from '#core/refusal.ts';
import type { Inbound } from '#ports/gateway.ts';
import type { Transaction } from '#ports/store.ts';
import type { Authorised, Scope } from './authority.ts';
import type { BusParts } from './bus-parts.ts';

/** One delivery with the number of its inbox row. */
export interface Delivery {
  readonly id: number;
  readonly inbound: Inbound;
}

/** Whoever acts before it is known who that is: the account for itself. */
export function accountAsActor(account: Account, displayName: string): Actor {
  return { person: accountKey(account), account, displayName: displayName.slice(0, 200) };
}

/** Records that a command was carried out, in the transaction that did so. */
export async function recordAccepted(
  tx: Transaction,
  parts: BusParts,
  delivery: Delivery,
  accepted: {
    readonly actor: Actor;
    readonly line: CommandLine;
    readonly permission: Permission;
    readonly scope: Scope;
    readonly authorised: Authorised;
  },
): Promise<void> {
  const { actor, line, permission, scope, authorised } = accepted;
  const event: CommandEvent = {
    kind: 'command.accepted',
    ...arrival(parts, delivery),
    command: line.command,
    args: recordable(parts, line),
    permission,
    service: scope.service,
    environment: scope.environment,
    role: authorised.role,
    evidence: [...authorised.evidence],
  };
  await append(tx, delivery.id, actor, event, scope, 'accepted');
}

/** Records that a command was refused and why. */
export async function recordRefused(
  tx: Transaction,
  parts: BusParts,
  delivery: Delivery,
  refused: {
    readonly actor: Actor;
    readonly line: CommandLine | null;
    readonly refusal: Refusal;
  },
): Promise<void> {
  const { actor, line, refusal } = refused;
  const event: CommandEvent = {
    kind: 'command.refused',
    ...arrival(parts, delivery),
    command: line?.command ?? null,
    args: line === null ? {} : recordable(parts, line),
    code: refusal.code,
    message: refusal.message,
  };
  const scope = { service: null, environment: null };
  await append(tx, delivery.id, actor, event, scope, refusal.code);
}

function arrival({ world }: BusParts, { id, inbound }: Delivery) {
  const { content } = inbound;
  const typed = content.kind === 'command' ? content.text : content.token;
  return { inbox: id, source: inbound.source, textHash: world.crypto.sha256(typed) };
}

/** The arguments as recorded: secret ones as a hash. */
function recordable({ world, catalogue }: BusParts, line: CommandLine): Record<string, string> {
  const fields = catalogue.get(line.command)?.fields ?? [];
  const secrets = fields.filter(({ secret }) => secret === true).map(({ name }) => name);
  const entries = Object.entries(line.args).map(([name, value]) => [
    name,
    secrets.includes(name) ? `sha256:${world.crypto.sha256(value)}` : value,
  ]);
  return Object.fromEntries(entries);
}

/** One stream per delivery, so that no two commands wait for one row. */
async function append(
  tx: Transaction,
  id: number,
  actor: Actor,
  body: CommandEvent,
  scope: Scope,
  outcome: string,
): Promise<void> {
  await tx.append({
    stream: `command:${id}`,
    kind: 'command',
    expectedVersion: 0,
    events: [{ actor, body }],
    row: {
      service: scope.service,
      environment: scope.environment,
      phase: outcome,
      active: false,
      ended: true,
      wakeAt: null,
      state: { outcome },
    },
  });
}
