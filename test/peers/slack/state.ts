/** A message as the peer keeps it. */
export interface PeerMessage {
  readonly ts: string;
  readonly channel: string;
  readonly thread: string | null;
  text: string;
  blocks: readonly Json[];
  readonly metadata: unknown;
  readonly user: string;
}

export type Json = Readonly<Record<string, unknown>>;

export interface PeerUser {
  readonly id: string;
  readonly team: string;
  readonly enterprise?: string;
  readonly bot?: boolean;
  deleted?: boolean;
  readonly guest?: boolean;
  readonly stranger?: boolean;
}

export interface PeerChannel {
  readonly id: string;
  readonly private: boolean;
  readonly members: Set<string>;
  /** Facts of `conversations.info` beyond the usual: is_ext_shared, is_archived … */
  facts: Json;
}

/** A file on its way: sent, completed, and looked through after a few questions. */
export interface PeerFile {
  readonly id: string;
  readonly length: number;
  bytes: Uint8Array | null;
  completed: boolean;
  asked: number;
  deleted: boolean;
}

/** What is private to one person. */
export interface Whisper {
  readonly user: string;
  readonly channel: string;
  readonly text: string;
  readonly blocks: readonly Json[];
}

export const team = 'T0000001';
export const botUser = 'U0000BOT';

/** One workspace, with everything in it. */
export interface PeerState {
  readonly users: Map<string, PeerUser>;
  readonly channels: Map<string, PeerChannel>;
  readonly groups: Map<string, { readonly members: Set<string>; readonly facts: Json }>;
  readonly messages: PeerMessage[];
  readonly whispers: Whisper[];
  /** Modals that are open, and App Homes by user. */
  readonly views: Map<string, Json>;
  readonly homes: Map<string, Json>;
  readonly files: Map<string, PeerFile>;
  readonly unfurls: { readonly channel: string; readonly ts: string; readonly unfurls: Json }[];
  nextTs(): string;
}

/** `enterprise` makes it a workspace of an organisation. */
export function createState(): PeerState {
  let count = 0;
  const state: PeerState = {
    users: new Map(),
    channels: new Map(),
    groups: new Map(),
    messages: [],
    whispers: [],
    views: new Map(),
    homes: new Map(),
    files: new Map(),
    unfurls: [],
    nextTs() {
      count += 1;
      return `1763700000.${String(count).padStart(6, '0')}`;
    },
  };
  state.users.set(botUser, { id: botUser, team, bot: true });
  return state;
}

export function directChannel(user: string): string {
  return `D${user.slice(1)}`;
}
