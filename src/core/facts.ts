import type { Burn } from './analysis/budget.ts';
import type { Instant } from './ids.ts';
import type { Actor } from './people.ts';
import type { Artifact } from './release.ts';
import type { FreezeWindow } from './settings/settings.ts';

/** Typed inputs that gates read, fetched beforehand by the app. */
export interface Facts {
  /** Approvals bound to the present plan hash, membership asked again just now. */
  readonly approvals: {
    readonly counted: readonly {
      readonly actor: Actor;
      readonly role: string;
      readonly evidence: string;
    }[];
    readonly notCounted: readonly { readonly actor: Actor; readonly because: string }[];
    readonly denied: readonly { readonly actor: Actor; readonly comment: string }[];
    readonly requestedAt: Instant;
  };
  readonly locks: readonly {
    readonly owner: Actor;
    readonly reason: string;
    readonly since: Instant;
    readonly until: Instant | null;
    /** The rollout on whose behalf the lock exists, if any: it may pass its own lock. */
    readonly rollout: string | null;
  }[];
  /** Ad-hoc freezes that people set; planned windows come from the settings. */
  readonly freezes: readonly {
    readonly id: string;
    readonly scope: string;
    readonly reason: string;
    readonly by: Actor;
    readonly until: Instant | null;
  }[];
  /** Planned freezes of the settings, by name. */
  readonly windows: Readonly<Record<string, FreezeWindow>>;
  /** What the environment before this one knows of the artifact; null when there is none before. */
  readonly upstream: {
    readonly environment: string;
    readonly runs: Artifact | null;
    readonly verifiedAt: Instant | null;
    /** Whole seconds that the artifact has run there, verified and undisturbed. */
    readonly soakedSeconds: number;
  } | null;
  /** Digest of the settings that bind this place, as they are now. */
  readonly policy: { readonly digest: string };
  /** Error budgets by the name of their objective: those that a gate of the plan asks for. */
  readonly budgets: Readonly<
    Record<
      string,
      {
        readonly periodSeconds: number;
        readonly burns: readonly Burn[];
        /** Part of the period's budget that is left, from 1 down; null when not known. */
        readonly remaining: number | null;
        /** What was measured, one plain line each. */
        readonly evidence: readonly string[];
      }
    >
  >;
  /** Digests that were rolled back here and are held. */
  readonly holds: readonly {
    readonly digest: string;
    readonly reason: string;
    readonly since: Instant;
  }[];
}

export type FactKey = keyof Facts;
