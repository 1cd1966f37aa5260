import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '#core/fault.ts';
import type { TargetRef } from '#ports/delivery-target.ts';
import { CellRecord } from './cell-record.ts';

/** The one file of a cell. */
export interface CellFile {
  /** Null when there is none yet. @throws Fault `target.rejected` when it cannot be understood. */
  read(): Promise<CellRecord | null>;
  /** All or nothing: the file is replaced by renaming. Never called twice at a time. */
  write(record: CellRecord): Promise<void>;
}

/** Names in settings have no dots, so that the parts cannot run together. */
export function cellName({ target, service, environment }: TargetRef): string {
  return `${target}.${service}.${environment}`;
}

/** The file of a cell within the directory of the sandbox. */
export function createCellFile(directory: string, ref: TargetRef): CellFile {
  const folder = join(directory, 'cells');
  const path = join(folder, `${cellName(ref)}.json`);

  return {
    async read() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
      if (text === null) return null;
      const record = CellRecord.safeParse(jsonOf(text));
      if (record.success) return record.data;
      throw new Fault('target.rejected', `${path} is not a record of the sandbox.`, {
        retryable: false,
        cause: record.error,
      });
    },
    async write(record) {
      await mkdir(folder, { recursive: true });
      const draft = `${path}.${process.pid}.draft`;
      await writeFile(draft, `${JSON.stringify(record, null, 2)}\n`);
      await rename(draft, path);
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
