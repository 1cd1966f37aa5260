import { type FreezesState, freezesInForce } from '#core/freeze.ts';
import { freezePlace, freezeWords } from '#core/freeze-scope.ts';
import { evaluateWindows } from '#core/freeze-windows.ts';
import type { Instant } from '#core/ids.ts';
import type { Settings } from '#core/settings/settings.ts';

/** A freeze that holds or is near. `from` is null for one that holds already. */
export interface ComingFreeze {
  readonly where: string;
  /** The environments that it holds; null for all. */
  readonly environments: readonly string[] | null;
  readonly reason: string;
  readonly from: Instant | null;
  /** Null when it has no end of its own, or has not begun. */
  readonly until: Instant | null;
}

/** The freezes that hold now and the planned ones that begin within `aheadMs`, soonest first. */
export function freezesAhead(
  settings: Settings,
  set: FreezesState,
  now: Instant,
  aheadMs: number,
): readonly ComingFreeze[] {
  const byHand = freezesInForce(set, now).map(({ scope, reason, until }) => ({
    where: freezeWords(scope),
    environments: environmentsIn(scope),
    reason,
    from: null,
    until,
  }));
  const planned = Object.entries(settings.freezes).flatMap(([name, window]): ComingFreeze[] => {
    const environments = environmentsOf(settings, name);
    const here = { where: environments.join(', '), environments, reason: window.reason };
    const answer = evaluateWindows([window], now);
    if (answer.frozen) return [{ ...here, from: null, until: answer.until }];
    const from = answer.nextFreeze;
    if (from === null || from - now > aheadMs) return [];
    return [{ ...here, from, until: null }];
  });
  return [...byHand, ...planned].toSorted((a, b) => (a.from ?? 0) - (b.from ?? 0));
}

/** Environments whose freeze gate asks for the window. */
function environmentsOf(settings: Settings, window: string): readonly string[] {
  return Object.entries(settings.environments)
    .filter(([, { gates }]) =>
      gates.some(({ gate, options: { windows } }) => {
        return gate === 'freeze' && Array.isArray(windows) && windows.includes(window);
      }),
    )
    .map(([name]) => name);
}

function environmentsIn(scope: string): readonly string[] | null {
  const { environment } = freezePlace(scope);
  return environment === null ? null : [environment];
}
