import { z } from 'zod';
import { Catalogue, demoCatalogue } from './catalogue.ts';

/** Periods of the supervisor and the proxy, in milliseconds. Tests make them short. */
export const Timing = z.strictObject({
  /** Between two readiness probes of an instance that is not ready; one that is gets an eighth. */
  probeMs: z.number().int().min(10).default(250),
  /** An instance that is not ready by then is a problem. */
  readyWithinMs: z.number().int().min(10).default(8000),
  /** Before the second start after a crash; doubled with each crash. */
  backoffMs: z.number().int().min(10).default(500),
  backoffLimitMs: z.number().int().min(10).default(15_000),
  /** An instance that has been ready for so long has not merely crashed more slowly. */
  calmMs: z.number().int().min(10).default(15_000),
  /** Requests under way when an instance is removed have so long to end. */
  drainMs: z.number().int().min(0).default(3000),
  /** With too little traffic to see a weight, it is believed after this time. */
  settleMs: z.number().int().min(0).default(10_000),
  /** Requests that must be seen before a weight is proven. */
  proofRequests: z.number().int().min(10).max(500).default(50),
});
export type Timing = z.infer<typeof Timing>;

/** Options of a target with the adapter `sandbox`. */
export const SandboxTarget = z.strictObject({
  /** Copies of stable at full capacity. */
  instances: z.number().int().min(1).max(20).default(2),
  /** Visitors of each service, while something rolls out and otherwise. */
  requestsPerSecond: z.number().min(0).max(500).default(40),
  restingRequestsPerSecond: z.number().min(0).max(500).default(5),
  /** Where the proxy of a service listens on 127.0.0.1; any free port when absent. */
  ports: z.record(z.string(), z.number().int().min(1).max(65_535)).default({}),
  seed: z.number().int().min(0).default(1),
  timing: Timing.prefault({}),
});
export type SandboxTarget = z.infer<typeof SandboxTarget>;

/** Options of a registry with the adapter `sandbox`. */
export const SandboxRegistry = z.strictObject({
  services: Catalogue.default(demoCatalogue),
});
export type SandboxRegistry = z.infer<typeof SandboxRegistry>;

/** Options of a metrics source with the adapter `sandbox`. */
export const SandboxMetrics = z.strictObject({
  /** Between two scrapes of every instance and proxy. */
  scrapeMs: z.number().int().min(50).max(60_000).default(1000),
  /** How far back questions can be answered. */
  keepSeconds: z.number().int().min(60).max(7200).default(1800),
});
export type SandboxMetrics = z.infer<typeof SandboxMetrics>;
