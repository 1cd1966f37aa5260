import type { Socket } from 'node:net';
import { z } from 'zod';
import { Metric } from '#core/analysis/metric.ts';
import { Fault } from '#core/fault.ts';
import { Artifact } from '#core/release.ts';
import { Catalogue } from './catalogue.ts';
import { SandboxMetrics, SandboxTarget } from './options.ts';
import { Side } from './side.ts';

// Between Signalbox and the host: one JSON text per line, in both directions.

const Ref = z.strictObject({ target: z.string(), service: z.string(), environment: z.string() });

/** What the sandbox is like, as the settings have it. The newest one that was told counts. */
export const SandboxSettings = z.strictObject({
  targets: z.record(z.string(), SandboxTarget),
  services: Catalogue,
  metrics: SandboxMetrics,
  /** What is brought up at once; anything else when it is first asked for. */
  places: z.array(Ref),
});
export type SandboxSettings = z.infer<typeof SandboxSettings>;

const Change = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('prepare'),
    artifact: Artifact,
    capacityPercent: z.number().int().min(1).max(100),
    baseline: z.literal(true).optional(),
  }),
  z.strictObject({ kind: z.literal('shift'), weight: z.number().int().min(0).max(100) }),
  z.strictObject({ kind: z.literal('promote') }),
  z.strictObject({ kind: z.literal('retire') }),
  z.strictObject({ kind: z.literal('replace'), artifact: Artifact }),
  z.strictObject({ kind: z.literal('restore') }),
  z.strictObject({ kind: z.literal('run'), job: z.string(), artifact: Artifact }),
]);

const Stamp = z.strictObject({
  rollout: z.string(),
  planHash: z.string(),
  step: z.number().int(),
  fence: z.number().int(),
});

/** What can be asked of the host. */
export const Call = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('hello'), token: z.string(), settings: SandboxSettings }),
  z.strictObject({ method: z.literal('inspect'), ref: Ref }),
  z.strictObject({
    method: z.literal('change'),
    ref: Ref,
    change: Change,
    stamp: Stamp,
    identity: z.string(),
  }),
  z.strictObject({
    method: z.literal('read'),
    question: z.strictObject({
      metric: Metric,
      target: Ref,
      side: Side,
      artifact: Artifact,
      from: z.number(),
      to: z.number(),
      stepSeconds: z.number().positive(),
    }),
  }),
  z.strictObject({ method: z.literal('places') }),
  z.strictObject({ method: z.literal('rest'), ref: Ref }),
  z.strictObject({ method: z.literal('bye') }),
]);
export type Call = z.infer<typeof Call>;

export const Request = z.strictObject({ id: z.number().int(), call: Call });

const WireFault = z.strictObject({
  code: z.enum([
    'target.unavailable',
    'target.identity_changed',
    'target.rejected',
    'store.fenced',
  ]),
  message: z.string(),
  retryable: z.boolean(),
});
type WireFault = z.infer<typeof WireFault>;

export const Response = z.union([
  z.strictObject({ id: z.number().int(), value: z.unknown() }),
  z.strictObject({ id: z.number().int(), fault: WireFault }),
]);
export type Response = z.infer<typeof Response>;

/** Any error as it is told to a client. What is no fault of ours to name may pass by itself. */
export function wireFault(error: unknown): WireFault {
  if (error instanceof Fault) {
    const code = WireFault.shape.code.safeParse(error.code);
    const { message, retryable } = error;
    if (code.success) return { code: code.data, message, retryable };
  }
  const message = `The sandbox host failed: ${error instanceof Error ? error.message : 'unknown'}`;
  return { code: 'target.unavailable', message, retryable: true };
}

const ReportedSide = z.strictObject({ artifact: Artifact, wanted: z.number(), ready: z.number() });

/** A `TargetStatus` as it is told to a client. */
export const Status = z.strictObject({
  identity: z.string(),
  stable: ReportedSide.nullable(),
  candidate: ReportedSide.nullable(),
  baseline: ReportedSide.nullable(),
  weight: z.number(),
  weightProof: z.enum(['measured', 'accepted', 'pending']),
  stamp: Stamp.nullable(),
  problems: z.array(
    z.strictObject({
      code: z.enum(['crash_loop', 'never_ready', 'job_failed']),
      text: z.string(),
    }),
  ),
  jobs: z.record(z.string(), z.enum(['running', 'succeeded', 'failed'])),
  drift: z.string().nullable(),
});

/** One place that is up, for people. */
export const PlaceReport = z.strictObject({
  ref: Ref,
  url: z.string(),
  instances: z.array(
    z.strictObject({
      side: Side,
      digest: z.string(),
      pid: z.number().int().nullable(),
      ready: z.boolean(),
    }),
  ),
});
export type PlaceReport = Readonly<z.infer<typeof PlaceReport>>;

const longestLine = 8_000_000;

/** Calls `handle` with each line that arrives; ends a connection that sends an endless one. */
export function onLines(socket: Socket, handle: (line: string) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (part: string) => {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) handle(line);
    if (rest.length > longestLine) socket.destroy();
  });
}

/** Sends one value as a line. */
export function sendLine(socket: Socket, value: unknown): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(value)}\n`);
}
