import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Detection } from './detection.ts';
import type { FalseAlarms } from './false-alarms.ts';
import type { Speed } from './speed.ts';

/** Everything that was found, as it is kept in `docs/judge/`: one file per part and kind of traffic. */
export interface Figures {
  readonly falseAlarms: readonly FalseAlarms[];
  readonly detection: readonly Detection[];
  readonly speed: readonly Speed[];
}

const folder = 'docs/judge/figures';

/** Writes what one piece of the benchmark found. */
export function keep(part: keyof Figures, kind: string, found: unknown): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${part}-${kind}.json`, `${JSON.stringify(found, null, 1)}\n`);
}

/** Reads what is there. */
export function kept(): Figures {
  const read = <T>(part: keyof Figures): readonly T[] =>
    readdirSync(folder)
      .filter((name) => name.startsWith(`${part}-`))
      .flatMap((name): T[] => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')));
  return {
    falseAlarms: read<FalseAlarms>('falseAlarms'),
    detection: read<Detection>('detection'),
    speed: read<Speed>('speed'),
  };
}
