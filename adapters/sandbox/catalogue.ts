import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '#core/canonical.ts';
import type { Artifact } from '#core/release.ts';
import { Character } from './instance/character.ts';

const Version = z.strictObject({
  version: z.string().min(1).max(128),
  /** When it was built, ISO 8601; shown, and nothing more. */
  builtAt: z.iso.datetime().optional(),
  character: Character.prefault({}),
});
export type Version = z.infer<typeof Version>;

const ServiceVersions = z
  .strictObject({
    /** What runs before the first release; null when nothing does. */
    initial: z.string().nullable(),
    /** Oldest first. */
    versions: z.array(Version).min(1),
  })
  .superRefine((service, context) => {
    const names = service.versions.map(({ version }) => version);
    if (new Set(names).size !== names.length) {
      context.addIssue({ code: 'custom', message: 'each version may be listed once' });
    }
    if (service.initial !== null && !names.includes(service.initial)) {
      context.addIssue({ code: 'custom', message: 'initial must be one of the versions' });
    }
  });

/** The versions of each demo service. */
export const Catalogue = z.record(z.string(), ServiceVersions);
export type Catalogue = z.infer<typeof Catalogue>;

/** What every newcomer meets: one version of each kind, the good and the bad. */
export const demoCatalogue: Catalogue = Catalogue.parse({
  shop: {
    initial: 'v1',
    versions: [
      { version: 'v1', character: { note: 'Healthy.', colour: '#3f6fb5' } },
      {
        version: 'v2',
        character: {
          note: 'Healthy, and a little faster.',
          colour: '#2e7d5b',
          latency: { medianMs: 14 },
        },
      },
      {
        version: 'v3',
        character: {
          note: 'One answer in twelve is an error, and the slowest are far slower.',
          colour: '#b5473f',
          errorRate: 0.08,
          latency: { tail: { share: 0.12, factor: 8 } },
        },
      },
      {
        version: 'v4',
        character: {
          note: 'Ends soon after each start.',
          colour: '#7a3fb5',
          startMs: 5000,
          crashAfterMs: 300,
        },
      },
      {
        version: 'v5',
        character: { note: 'Never becomes ready.', colour: '#6b6b6b', neverReady: true },
      },
      {
        version: 'v6',
        character: {
          note: 'Healthy, until it has more than 30 % of the traffic.',
          colour: '#b5833f',
          overloaded: { abovePercent: 30, errorRate: 0.15, latencyFactor: 4 },
        },
      },
      {
        version: 'v7',
        character: {
          note: 'Takes memory and never gives it back.',
          colour: '#a33f8c',
          leak: { bytesPerSecond: 1_000_000 },
        },
      },
      { version: 'v8', character: { note: 'Healthy again.', colour: '#1f7a8c' } },
      {
        version: 'v9',
        character: {
          note: 'Healthy in every canary; bad once it has all of the traffic.',
          colour: '#8c5a1f',
          overloaded: { abovePercent: 90, errorRate: 0.25, latencyFactor: 2 },
        },
      },
    ],
  },
  api: {
    initial: 'v1',
    versions: [
      {
        version: 'v1',
        character: { note: 'Healthy.', colour: '#4a5fb0', latency: { medianMs: 8 } },
      },
      {
        version: 'v2',
        character: { note: 'Healthy.', colour: '#2f8060', latency: { medianMs: 8 } },
      },
      {
        version: 'v3',
        character: {
          note: 'Twice as slow as before.',
          colour: '#b0564a',
          latency: { medianMs: 18 },
        },
      },
      {
        version: 'v4',
        character: {
          note: 'Healthy, but its migration fails.',
          colour: '#8a6d1f',
          failingJobs: ['migrate'],
        },
      },
    ],
  },
});

/**
 * The artifact of a version. Its digest covers what the bits would: the service, the version that
 * is baked into them, and the character.
 */
export function artifactOf(service: string, { version, builtAt, character }: Version): Artifact {
  const bits = canonicalJson({ service, version, character });
  const digest = `sha256:${createHash('sha256').update(bits).digest('hex')}` as const;
  const source = builtAt === undefined ? {} : { source: { builtAt: Date.parse(builtAt) } };
  return { service, version, digest, ...source };
}

/** Finds what bits of a service are like; undefined when the catalogue does not have them. */
export function characterOf(
  catalogue: Catalogue,
  service: string,
  digest: string,
): Character | undefined {
  const versions = Object.hasOwn(catalogue, service) ? catalogue[service]?.versions : undefined;
  return versions?.find((version) => artifactOf(service, version).digest === digest)?.character;
}

/** What a service runs before its first release. */
export function initialArtifact(catalogue: Catalogue, service: string): Artifact | null {
  const versions = Object.hasOwn(catalogue, service) ? catalogue[service] : undefined;
  const initial = versions?.versions.find(({ version }) => version === versions.initial);
  return initial === undefined ? null : artifactOf(service, initial);
}
