import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DesiredState } from '#core/desired-state.ts';
import type { HistoryEffect } from '../invariants/history.ts';

/** Writes down each change of a sandbox's place as the sandbox itself keeps it. */
export function watchTarget(dataFolder: string, target: string, service: string) {
  const file = join(dataFolder, 'sandbox', 'cells', `${target}.${service}.${target}.json`);
  const effects: HistoryEffect[] = [];
  let text = '';
  let last = '';
  const look = (): void => {
    if (!existsSync(file)) return;
    const now = readFileSync(file, 'utf8');
    if (now === text) return;
    text = now;
    const { stamp, weight } = DesiredState.parse(JSON.parse(text).desired);
    const seen = JSON.stringify([stamp, weight]);
    if (stamp === null || seen === last) return;
    last = seen;
    effects.push({ at: Date.now(), target, change: { kind: 'shift', weight }, stamp });
  };
  const timer = setInterval(look, 10);
  return { effects, stop: () => clearInterval(timer) };
}
