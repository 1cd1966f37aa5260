import type { BackendFactory, IQueueBackend } from 'bullmq';

/** Where BullMQ keeps its jobs: a way to connect for those who ask and for those who take. */
export interface BullBackend<Kind extends IQueueBackend, Connection> {
  readonly factory: BackendFactory<Kind, Connection>;
  /** For adding jobs: fails fast. */
  readonly producer: Connection;
  /** For taking jobs: waits through an outage. */
  consumer(): Connection;
  /** Settles when the server answers. */
  ping(): Promise<unknown>;
  close(): Promise<void>;
}
