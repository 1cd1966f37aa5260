import { describe, expect, it } from 'vitest';
import {
  evolveFreezes,
  type FreezeEvent,
  freezeCovers,
  freezesInForce,
  noFreezes,
} from '#core/freeze.ts';
import { freezePlace, freezeScope, freezeWords } from '#core/freeze-scope.ts';
import { signalbox } from '#core/people.ts';

function set(id: string, until: number | null = null): FreezeEvent {
  return { kind: 'freeze.set', id, scope: 'production', by: signalbox, reason: 'storm', until };
}

describe('freezes that people set', () => {
  it('hold until they are lifted or have run out', () => {
    let state = evolveFreezes(noFreezes, set('freeze-1'), 0);
    state = evolveFreezes(state, set('freeze-2', 500), 100);
    expect(freezesInForce(state, 499).map(({ id }) => id)).toEqual(['freeze-1', 'freeze-2']);
    expect(freezesInForce(state, 500).map(({ id }) => id)).toEqual(['freeze-1']);
    const lifted: FreezeEvent = {
      kind: 'freeze.lifted',
      id: 'freeze-1',
      by: signalbox,
      reason: '',
    };
    expect(evolveFreezes(state, lifted, 600).active).toEqual([]);
  });

  it.each<[string, string | null, string | null, string, boolean]>([
    ['*', null, null, 'everything', true],
    ['production', null, 'production', 'production', true],
    ['staging', null, 'staging', 'staging', false],
    ['shop/production', 'shop', 'production', 'shop in production', true],
    ['shop/*', 'shop', null, 'shop', true],
    ['shop/staging', 'shop', 'staging', 'shop in staging', false],
    ['api/production', 'api', 'production', 'api in production', false],
  ])('%s covers shop in production: %s %s', (scope, service, environment, said, covers) => {
    expect(freezeScope(service, environment)).toBe(scope);
    expect(freezePlace(scope)).toEqual({ service, environment });
    expect(freezeWords(scope)).toBe(said);
    expect(freezeCovers(scope, 'shop', 'production')).toBe(covers);
  });
});
