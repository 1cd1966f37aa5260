import type { Instant } from './ids.ts';
import type { Account } from './people.ts';

/**
 * The platform-neutral message. Core and commands compose it; adapters escape, render and degrade
 * it by their declared capabilities (chart -> table -> text), and never fail on length.
 * Every string in it is plain text from anywhere: adapters must escape it.
 */
export interface View {
  readonly tone: Tone;
  readonly title: string;
  /** One plain line that stands for the whole: notifications, screen readers, the last fallback. */
  readonly summary: string;
  readonly blocks: readonly Block[];
}

export type Tone = 'neutral' | 'progress' | 'waiting' | 'success' | 'warning' | 'danger';

/** A run of text. A string is plain text. */
export type Span =
  | string
  | { readonly kind: 'strong'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string }
  | { readonly kind: 'person'; readonly account: Account; readonly name: string }
  /** A group of a platform whose members are meant to notice; elsewhere the name alone. */
  | { readonly kind: 'group'; readonly group: GroupRef; readonly name: string }
  | { readonly kind: 'time'; readonly at: Instant; readonly as: 'relative' | 'clock' | 'date' };

export type Line = readonly Span[];

/** A user group (Slack) or role (Discord), by id. */
export interface GroupRef {
  readonly platform: string;
  readonly tenant: string;
  readonly group: string;
}

export type StepMark = 'pending' | 'running' | 'done' | 'failed' | 'errored' | 'skipped' | 'paused';

export type Block =
  | { readonly kind: 'text'; readonly line: Line }
  | { readonly kind: 'note'; readonly line: Line }
  | { readonly kind: 'fields'; readonly fields: readonly Field[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Line[])[];
    }
  | { readonly kind: 'steps'; readonly steps: readonly StepLine[] }
  | { readonly kind: 'progress'; readonly label: string; readonly percent: number }
  | { readonly kind: 'chart'; readonly chart: Chart }
  | {
      readonly kind: 'code';
      readonly text: string;
      /** What the text draws, for platforms that draw better. */
      readonly intervals?: readonly Interval[];
    }
  | { readonly kind: 'buttons'; readonly buttons: readonly Button[] }
  | { readonly kind: 'divider' };

export interface Field {
  readonly label: string;
  readonly value: Line;
}

export interface Column {
  readonly label: string;
  readonly align?: 'left' | 'right';
}

export interface StepLine {
  readonly label: string;
  readonly mark: StepMark;
  readonly detail?: Line;
}

export interface Chart {
  readonly title: string;
  readonly unit:
    | 'percent'
    | 'milliseconds'
    | 'seconds'
    | 'count'
    | 'perSecond'
    | 'bytes'
    | 'number';
  readonly series: readonly Series[];
  /** Each point stands for the days from it to the next, in this IANA zone: bars, named by their first day. */
  readonly days?: { readonly zone: string };
  /** A horizontal limit to draw, in the same unit. */
  readonly limit?: { readonly label: string; readonly value: number };
}

export interface Series {
  readonly name: string;
  readonly side: 'stable' | 'candidate' | 'baseline' | 'other';
  readonly points: readonly { readonly at: Instant; readonly value: number }[];
}

/** How far two sides differ, against the floor beyond which it counts: all in one unit of the row's own. */
export interface Interval {
  readonly label: string;
  /** What was made of it, in a word or two. */
  readonly word: string;
  readonly tone: Tone;
  /** Null: open. */
  readonly low: number | null;
  readonly high: number | null;
  readonly estimate: number;
  readonly floor: number;
  /** The direction that is bad. */
  readonly bad: 'up' | 'down' | 'either';
  /** How far the scale reaches to either side. */
  readonly edge: number;
  /** Interval and floor as people read them. */
  readonly words: string;
}

/**
 * A button. `token` is opaque, at most 64 characters of `[A-Za-z0-9_.-]`, and points at state that
 * the server keeps: nothing in it is trusted. The label names the exact target.
 */
export interface Button {
  readonly label: string;
  readonly token: string;
  readonly style: 'primary' | 'danger' | 'plain';
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string };
  /** Ask the person for a text before the action runs. */
  readonly ask?: { readonly label: string; readonly required: boolean };
}
