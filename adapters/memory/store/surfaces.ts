import type { Instant } from '#core/ids.ts';
import type { MessageRef } from '#ports/chat.ts';
import type { Surface, SurfaceStore } from '#ports/surface-store.ts';
import { createTable, type Journal } from './journal.ts';

/** Live messages in memory. */
export function createMemorySurfaces(journal: Journal, now: () => Instant): SurfaceStore {
  const surfaces = createTable<Surface>(journal);
  return {
    async desire({ view, hash, ...desired }) {
      const former = surfaces.get(desired.id);
      const open = former !== undefined && former.desiredHash !== former.deliveredHash;
      const louder = open && former.urgency < desired.urgency ? former.urgency : desired.urgency;
      if (former === undefined) {
        surfaces.set(desired.id, {
          ...desired,
          desiredRevision: 1,
          desired: JSON.parse(JSON.stringify(view)),
          desiredHash: hash,
          desiredAt: now(),
          ...unsent,
          deliveredRevision: 0,
          nextDueAt: now(),
          failures: 0,
        });
        return;
      }
      if (former.desiredHash === hash) {
        surfaces.set(desired.id, { ...former, ...desired, urgency: louder });
        return;
      }
      surfaces.set(desired.id, {
        ...former,
        ...desired,
        urgency: louder,
        desiredRevision: former.desiredRevision + 1,
        desired: JSON.parse(JSON.stringify(view)),
        desiredHash: hash,
        desiredAt: now(),
        nextDueAt: former.failures > 0 ? former.nextDueAt : now(),
      });
    },
    surface: async (id) => surfaces.get(id) ?? null,
    async surfaceOfMessage(wanted) {
      return surfaces.rows().find(({ message }) => isMessage(message, wanted)) ?? null;
    },
    async dueSurfaces(by, limit, platform) {
      return surfaces
        .rows()
        .filter((surface) => platform === undefined || surface.channel.platform === platform)
        .filter((surface) => surface.desiredHash !== surface.deliveredHash)
        .filter((surface) => surface.nextDueAt <= by)
        .sort(
          (a, b) => a.urgency - b.urgency || a.nextDueAt - b.nextDueAt || (a.id < b.id ? -1 : 1),
        )
        .slice(0, limit);
    },
    async delivered(id, revision, hash, message, anchoredAt) {
      const former = surfaces.get(id);
      if (former === undefined || former.deliveredRevision > revision) return;
      surfaces.set(id, {
        ...former,
        deliveredRevision: revision,
        deliveredHash: hash,
        message,
        anchoredAt,
        failures: 0,
        ambiguous: false,
      });
    },
    async postpone(id, until, why) {
      const former = surfaces.get(id);
      if (former === undefined) return;
      surfaces.set(id, {
        ...former,
        ...(why === 'gone' ? unsent : {}),
        nextDueAt: until,
        failures: why === 'failed' || why === 'ambiguous' ? former.failures + 1 : former.failures,
        ambiguous: why === 'ambiguous' || (former.ambiguous && why !== 'gone'),
      });
    },
  };
}

const unsent = { deliveredHash: null, message: null, anchoredAt: null, ambiguous: false } as const;

function isMessage(one: Surface['message'], wanted: MessageRef): boolean {
  if (one === null || one.message !== wanted.message) return false;
  const { platform, tenant, channel } = one.channel;
  return (
    platform === wanted.channel.platform &&
    tenant === wanted.channel.tenant &&
    channel === wanted.channel.channel
  );
}
