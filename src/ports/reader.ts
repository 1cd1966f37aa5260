import type { Aim } from '#core/alerts/alert.ts';
import type { PlaceAlert } from '#core/alerts/place-alerts.ts';
import type { Trouble } from '#core/alerts/watch.ts';
import type { Analysis } from '#core/analysis/metric.ts';
import type { ToldLook } from '#core/cards/told-look.ts';
import type { FigureQuestion } from '#core/figures/figures.ts';
import type { FreezesState } from '#core/freeze.ts';
import type { Instant } from '#core/ids.ts';
import type { View } from '#core/message.ts';
import type { Account } from '#core/people.ts';
import type { PlaceState } from '#core/place.ts';
import type { Refusal } from '#core/refusal.ts';
import type { Artifact } from '#core/release.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { MessageRef } from './chat.ts';
import type { LedgerEvent } from './ledger.ts';

/** One cell of the board: a service in an environment. */
export interface BoardPlace {
  readonly service: string;
  readonly environment: string;
  readonly production: boolean;
  readonly runs: Artifact | null;
  readonly since: Instant | null;
  readonly by: string | null;
  readonly rollout: RolloutState | null;
  readonly queue: readonly {
    readonly rollout: string;
    readonly version: string;
    readonly by: string;
  }[];
  readonly place: PlaceState;
  readonly frozen: { readonly reason: string; readonly until: Instant | null } | null;
  /** What differs in the world from what was released here, as last looked at; null when nothing does. */
  readonly drift: { readonly detail: string; readonly asOf: Instant } | null;
  /** Alerts that fire here now, the worst first. */
  readonly alerts: readonly PlaceAlert[];
  /** What runs in the environment before and is not here yet. */
  readonly promotable: Artifact | null;
}

/** A group of alerts that rings now. */
export interface RingingAlert {
  readonly id: string;
  readonly title: string;
  /** As its sender names the gravest of its alerts; empty when it does not. */
  readonly severity: string;
  readonly since: Instant;
  readonly places: readonly Aim[];
  /** Its card, with the buttons that it offers now. */
  readonly card: View;
  /** Releases that may have caused it and that nobody called unrelated, likeliest first. */
  readonly suspects: readonly {
    readonly rollout: string;
    readonly service: string;
    readonly version: string;
  }[];
  /** The messages that begin its threads. */
  readonly messages: readonly MessageRef[];
  /** The release in whose thread it is told; null when it has threads of its own. */
  readonly toldIn: string | null;
}

/** Who is on call for these services. */
export interface Duty {
  readonly services: readonly string[];
  /** Empty when nobody is, or nobody could be asked; `because` says which. */
  readonly people: readonly string[];
  readonly because: string;
}

/** What asks for somebody now. */
export interface Attention {
  /** Oldest first. */
  readonly alerts: readonly RingingAlert[];
  /** Open releases that do not go on without a person, the most pressing first, with their cards. */
  readonly waiting: readonly { readonly state: RolloutState; readonly card: View }[];
  /** Open releases that go on by themselves. */
  readonly underWay: readonly RolloutState[];
  /** Places that are locked, frozen, or hold a version off. */
  readonly held: readonly Pick<BoardPlace, 'service' | 'environment' | 'place' | 'frozen'>[];
  readonly freezes: FreezesState;
  /** Null where the settings do not say who knows who is on call. */
  readonly duty: readonly Duty[] | null;
}

/** That one event is part of the history that a signed checkpoint vouches for. */
export interface EventProof {
  readonly seq: number;
  /** How many events the checkpoint covers. */
  readonly size: number;
  /** Whether the path leads to the root that our key signed. */
  readonly holds: boolean;
  /** The proof itself (docs/ledger.md), for checking it elsewhere. JSON-safe. */
  readonly proof: unknown;
}

/** What doors may show of the state, without acting. */
export interface Reader {
  /** Null when the account may see what the others of these methods show, else why not. */
  mayView(account: Account, displayName: string): Promise<Refusal | null>;
  /** The open releases that wait for this account's own decision; none for whoever may not decide. */
  approvals(account: Account, displayName: string): Promise<readonly RolloutState[]>;
  board(): Promise<{
    readonly environments: readonly string[];
    readonly places: readonly BoardPlace[];
    readonly freezes: FreezesState;
  }>;
  attention(): Promise<Attention>;
  rollout(id: string): Promise<{
    readonly state: RolloutState;
    readonly events: readonly LedgerEvent[];
    /** Its card, with the buttons that it offers now. */
    readonly card: View;
    /** What its metrics are judged by, for units, limits and floors; null when nothing watches. */
    readonly analysis: Analysis | null;
    /** The last look, told in words and as intervals against floors; null before the first. */
    readonly verdicts: ToldLook | null;
    /** What rang about it, and what was breached, while it was under way or watched; newest last. */
    readonly troubles: readonly Trouble[];
    readonly history: { readonly size: number; readonly root: string };
  } | null>;
  /** The story of a release, to look at and as Markdown; null when there is no such release. */
  postmortem(id: string): Promise<{ readonly view: View; readonly markdown: string } | null>;
  rollouts(query: {
    readonly service?: string;
    readonly environment?: string;
    readonly ended?: boolean;
    /** In the id, service, environment, version, reason, or the requester's name. */
    readonly text?: string;
    readonly beforeId?: string;
    readonly limit: number;
  }): Promise<readonly RolloutState[]>;
  /** What the figures of the last `days` days are computed from; of everything unless narrowed. */
  figures(query: {
    readonly days: number;
    readonly service?: string;
    readonly environment?: string;
  }): Promise<FigureQuestion>;
  /** Null when there is no such event, or no checkpoint covers it yet. */
  prove(seq: number): Promise<EventProof | null>;
  /** The whole history as lines of an export (docs/ledger.md), each without its line end. */
  exportHistory(): AsyncIterable<string>;
}
