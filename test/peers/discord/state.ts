import { randomBytes } from 'node:crypto';

export const guild = '900000000000000001';
export const otherGuild = '900000000000000002';
export const application = '800000000000000001';
export const botToken = 'peer.bot.token';
const epoch = 1_420_070_400_000n;

export interface Attachment {
  readonly id: string;
  readonly filename: string;
  readonly data: Uint8Array;
}

export interface Message {
  readonly id: string;
  readonly channel: string;
  readonly author: string;
  readonly nonce: string | null;
  readonly at: number;
  components: readonly Record<string, unknown>[];
  flags: number;
  allowed: readonly string[] | null;
  attachments: Attachment[];
  /** Set for what one person alone sees. */
  readonly alone: string | null;
  edits: number;
}

export interface Channel {
  readonly id: string;
  readonly guild: string | null;
  readonly type: number;
  readonly parent: string | null;
  /** The person of a direct message. */
  readonly person: string | null;
  overwrites: { id: string; type: 0 | 1; allow: string; deny: string }[];
  archived: boolean;
}

export interface Role {
  readonly id: string;
  name: string;
  permissions: string;
  managed: boolean;
  tags?: Record<string, unknown>;
}

export interface Member {
  readonly user: string;
  readonly bot: boolean;
  roles: Set<string>;
  pending: boolean;
  timedOutUntil: string | null;
}

export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly type: number;
  readonly user: string;
  readonly channel: string | null;
  /** The message that was pressed on. */
  readonly message: string | null;
  readonly at: number;
  answered: number | null;
  answer: Record<string, unknown> | null;
  /** The message that `@original` means. */
  original: string | null;
  readonly alone: string;
}

/** Everything that the peer knows. The clock may be moved by tests. */
export interface State {
  messages: Message[];
  readonly channels: Map<string, Channel>;
  readonly roles: Map<string, Role>;
  readonly members: Map<string, Member>;
  readonly interactions: Map<string, Interaction>;
  commands: Record<string, unknown>[];
  /** What the developer portal has for the application. */
  app: { flags: number; endpoint: string | null };
  owner: string;
  lead: number;
  /** How long Discord waits for the first answer to an interaction. */
  patienceMs: number;
  now(): number;
}

let count = 0n;

/** A new id that carries the time, as Discord's do. */
export function snowflake(at: number): string {
  count += 1n;
  return (((BigInt(Math.floor(at)) - epoch) << 22n) | (count & 0x3fffffn)).toString();
}

export const secretToken = (): string => randomBytes(40).toString('base64url');

export function createState(): State {
  const state: State = {
    messages: [],
    channels: new Map(),
    roles: new Map(),
    members: new Map(),
    interactions: new Map(),
    commands: [],
    app: { flags: 0, endpoint: null },
    owner: '700000000000000099',
    lead: 0,
    patienceMs: 3_000,
    now: () => Date.now() + state.lead,
  };
  const basic = bits(10, 11, 31, 35, 38, 16, 15, 14);
  state.roles.set(guild, { id: guild, name: '@everyone', permissions: basic, managed: false });
  state.members.set(application, {
    user: application,
    bot: true,
    roles: new Set(),
    pending: false,
    timedOutUntil: null,
  });
  return state;
}

/** A permission set by the numbers of its bits. */
export function bits(...numbers: readonly number[]): string {
  return numbers.reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n).toString();
}
