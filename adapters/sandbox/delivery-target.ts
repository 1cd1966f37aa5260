import { z } from 'zod';
import type { DeliveryTarget } from '#ports/delivery-target.ts';
import type { HostClient } from './host-client.ts';
import { Status } from './wire.ts';

/** The demo places as a delivery target. Everything is done and known by the host. */
export function createSandboxTarget(host: HostClient): DeliveryTarget {
  return {
    inspect: (ref) => host.ask({ method: 'inspect', ref }, Status),
    async change(ref, change, stamp, identity) {
      await host.ask({ method: 'change', ref, change, stamp, identity }, z.null());
    },
  };
}
