import { z } from 'zod';
import { Actor } from '#core/people.ts';
import { AlertEffect } from '#core/settings/alerts.ts';
import { Aim, AlertSource } from './alert.ts';
import { Health } from './health.ts';

/** A release that may have caused an alert, with what speaks for and against it. */
export const Suspect = z.strictObject({
  rollout: z.string(),
  service: z.string(),
  environment: z.string(),
  version: z.string(),
  /** 0: the alerting service itself; 1: what it calls; and so on. */
  distance: z.number().int(),
  trafficAt: z.number(),
  /** Traffic that it had, in percent. */
  share: z.number(),
  verdict: z.enum(['none', 'passed', 'failed', 'undecided']),
  /** Whether the alert was quiet in the hour before its first traffic. */
  quietBefore: z.boolean(),
  /** Whether what rings was healthy before its first traffic; absent until it was measured. */
  health: Health.optional(),
  score: z.number(),
});
export type Suspect = z.infer<typeof Suspect>;

/** Where the messages of an episode are: in a thread of their own, or in that of a release. */
export const Home = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('channel') }),
  z.strictObject({ kind: z.literal('rollout'), rollout: z.string() }),
]);
export type Home = z.infer<typeof Home>;

/** Somebody who is on call, as the source names them. */
export const OnCallPerson = z.strictObject({ name: z.string().max(200) });

/** Facts about one group of alerts. An episode is the time from its first alert to its last. */
export const AlertEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('episode.opened'),
    group: z.string(),
    episode: z.number().int(),
    /** The first episode that is told in the same thread: more than one where it flaps. */
    thread: z.number().int(),
    source: AlertSource,
    receiver: z.string(),
    title: z.string(),
    url: z.string().nullable(),
    home: Home,
  }),
  z.strictObject({
    kind: z.literal('alert.fired'),
    fingerprint: z.string(),
    startsAt: z.number(),
    name: z.string(),
    severity: z.string(),
    effect: AlertEffect,
    aim: Aim.nullable(),
    summary: z.string(),
    /** Those that are shown or matched, and some more, by which a source knows the alert again. */
    labels: z.record(z.string(), z.string()),
    runbook: z.string().nullable(),
    url: z.string().nullable(),
  }),
  z.strictObject({
    kind: z.literal('alert.resolved'),
    fingerprint: z.string(),
    endsAt: z.number(),
  }),
  z.strictObject({ kind: z.literal('alerts.truncated'), count: z.number().int() }),
  z.strictObject({ kind: z.literal('suspects.ranked'), suspects: z.array(Suspect).max(5) }),
  /** It began while the release was under way or watched: it is held against it. */
  z.strictObject({
    kind: z.literal('release.linked'),
    rollout: z.string(),
    fails: z.boolean(),
    /** A person said so; absent where it follows from the rules. */
    by: Actor.optional(),
    /** Why, where that is not told by time and place alone. */
    because: z.string().max(500).optional(),
  }),
  /** It was held against the release, and measurements speak against that. */
  z.strictObject({
    kind: z.literal('release.freed'),
    rollout: z.string(),
    because: z.string().max(500),
  }),
  z.strictObject({
    kind: z.literal('suspect.cleared'),
    rollout: z.string(),
    by: Actor,
    reason: z.string(),
  }),
  z.strictObject({
    kind: z.literal('oncall.named'),
    people: z.array(OnCallPerson).max(20),
    /** Where that was learnt, or why it could not be. */
    because: z.string(),
  }),
  /** It was told in a release's thread and now gets its own. */
  z.strictObject({ kind: z.literal('episode.raised'), because: z.string() }),
  z.strictObject({
    kind: z.literal('episode.closed'),
    because: z.enum(['resolved', 'no_news']),
  }),
]);
export type AlertEvent = z.infer<typeof AlertEvent>;
