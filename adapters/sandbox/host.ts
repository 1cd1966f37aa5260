import { Fault } from '#core/fault.ts';
import type { TargetRef } from '#ports/delivery-target.ts';
import { answer } from './answer.ts';
import { characterOf, initialArtifact } from './catalogue.ts';
import { type Cell, openCell } from './cell.ts';
import { cellName, createCellFile } from './cell-file.ts';
import { warmUp } from './warm-up.ts';
import type { Call, PlaceReport, SandboxSettings } from './wire.ts';

/** Everything that runs in a sandbox directory. */
export interface Host {
  /** Does what was asked and returns the answer as JSON. @throws Fault */
  handle(call: Exclude<Call, { method: 'hello' | 'bye' }>): Promise<unknown>;
  /**
   * Takes the settings over, brings their places up, and ends what runs at targets that they do not
   * have. A place that is up and stays keeps the options it began with.
   */
  configure(settings: SandboxSettings): void;
  close(): Promise<void>;
}

interface HostOptions {
  readonly directory: string;
  readonly cacheDirectory: string;
  /** @throws Fault `target.unavailable` when another host owns the directory now */
  readonly assertOwner: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Nothing runs before the first settings. */
export function createHost(options: HostOptions): Host {
  const { directory, cacheDirectory, assertOwner, onError } = options;
  const cells = new Map<string, Promise<Cell>>();
  const warm = warmUp(cacheDirectory);
  let settings: SandboxSettings | null = null;

  async function open(ref: TargetRef): Promise<Cell> {
    const target = Object.entries(settings?.targets ?? {}).find(([name]) => name === ref.target);
    if (settings === null || target === undefined) {
      throw new Fault('target.rejected', `The sandbox has no target ${ref.target}.`, {
        retryable: false,
      });
    }
    const { services, metrics } = settings;
    const file = createCellFile(directory, ref);
    await warm;
    return openCell({
      ref,
      file: {
        read: file.read,
        async write(record) {
          await assertOwner();
          await file.write(record);
        },
      },
      target: target[1],
      metrics,
      initial: initialArtifact(services, ref.service),
      characterOf: (digest) => characterOf(settings?.services ?? services, ref.service, digest),
      cacheDirectory,
    });
  }

  function cellOf(ref: TargetRef): Promise<Cell> {
    const name = cellName(ref);
    const known = cells.get(name);
    if (known !== undefined) return known;
    const opening = open(ref);
    cells.set(name, opening);
    // One that could not be opened may be asked for again.
    opening.catch(() => cells.delete(name));
    return opening;
  }

  async function rest(ref: TargetRef): Promise<void> {
    const cell = cells.get(cellName(ref));
    cells.delete(cellName(ref));
    await (await cell)?.close();
  }

  /** Ends what runs at a target that is no longer in the settings. */
  async function endWithout(opening: Promise<Cell>, { targets }: SandboxSettings): Promise<void> {
    const cell = await opening.catch(() => null);
    if (cell !== null && !Object.hasOwn(targets, cell.ref.target)) await rest(cell.ref);
  }

  async function places(): Promise<readonly PlaceReport[]> {
    const open = await Promise.all(cells.values());
    return open.map((cell) => ({
      ref: cell.ref,
      url: `http://127.0.0.1:${cell.port}/`,
      instances: cell.instances().map(({ side, digest, pid, ready }) => {
        return { side, digest, pid: pid ?? null, ready };
      }),
    }));
  }

  return {
    async handle(call) {
      switch (call.method) {
        case 'inspect':
          return (await cellOf(call.ref)).status();
        case 'change':
          await (await cellOf(call.ref)).change(call.change, call.stamp, call.identity);
          return null;
        case 'read': {
          const cell = await cellOf(call.question.target);
          return answer(cell.recorder, call.question);
        }
        case 'places':
          return places();
        case 'rest':
          await rest(call.ref);
          return null;
      }
    },
    configure(next) {
      settings = next;
      for (const cell of cells.values()) void endWithout(cell, next);
      for (const ref of next.places) cellOf(ref).catch(onError);
    },
    async close() {
      const all = await Promise.allSettled(cells.values());
      cells.clear();
      await Promise.all(all.map((it) => (it.status === 'fulfilled' ? it.value.close() : null)));
    },
  };
}
