import type { CommandDescriptor } from '#core/command.ts';
import type { FiguresReport } from '#core/figures/report.ts';
import type { Instant } from '#core/ids.ts';
import type { ConsoleMessage, ConsoleThread } from '#ports/console-store.ts';
import type { Reader } from '#ports/reader.ts';
import type { GuideStep } from './options.ts';
import type { ConsolePerson } from './roster.ts';

/** The shapes that server and page exchange as JSON. */
export interface SessionInfo {
  readonly me: ConsolePerson;
  /** `token`: an API client. */
  readonly by: 'persona' | 'oidc' | 'token';
  readonly csrf: string;
  readonly organisation: string;
  readonly command: string;
  /** People one may become: in demo mode only. */
  readonly personas: readonly ConsolePerson[];
  readonly people: readonly ConsolePerson[];
  readonly channels: readonly ChannelInfo[];
  readonly commands: readonly CommandDescriptor[];
  /** What a newcomer may try, in demo mode. */
  readonly guide: readonly GuideStep[];
  readonly now: Instant;
  /** The newest change and the newest event by then: a stream from here on misses nothing. */
  readonly at: { readonly change: number; readonly ledger: number };
}

export interface ChannelInfo {
  readonly id: string;
  readonly kind: 'channel' | 'direct';
  readonly topic: string;
  /** Everybody may enter; it grants nothing. */
  readonly open: boolean;
  readonly members: readonly string[];
  /** Newest message that this person has seen; 0 when none. */
  readonly readUpTo: number;
}

export type WireMessage = Omit<ConsoleMessage, 'key'>;

export interface MessagePage {
  /** Oldest first. */
  readonly messages: readonly WireMessage[];
  readonly threads: readonly ConsoleThread[];
  /** There are older ones. */
  readonly more: boolean;
}

/** Where a message hangs, for deep links. */
export interface MessagePlace {
  readonly message: WireMessage;
  /** The message that begins its thread, when it hangs in one. */
  readonly parent: WireMessage | null;
}

/** What figures can be narrowed to. */
export interface Places {
  readonly services: readonly string[];
  readonly environments: readonly string[];
}

export type Figures = FiguresReport;
export type Attention = Awaited<ReturnType<Reader['attention']>>;
export type Board = Awaited<ReturnType<Reader['board']>>;
export type Release = NonNullable<Awaited<ReturnType<Reader['rollout']>>>;
export type Postmortem = NonNullable<Awaited<ReturnType<Reader['postmortem']>>>;
export type Releases = Awaited<ReturnType<Reader['rollouts']>>;

/** Leaves out what only the store needs. */
export function wire({ key: _key, ...message }: ConsoleMessage): WireMessage {
  return message;
}
