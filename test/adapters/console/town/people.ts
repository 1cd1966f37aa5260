import type { Actor } from '#core/people.ts';

function actor(person: string, displayName: string): Actor {
  return {
    person,
    account: { platform: 'console', tenant: 'console', user: person },
    displayName,
  };
}

export const ada = actor('ada', 'Ada Lovelace');
export const grace = actor('grace', 'Grace Hopper');
export const linus = actor('linus', 'Linus Pauling');
export const mary = actor('mary', 'Mary Jackson');
export const everybody: readonly Actor[] = [ada, grace, linus, mary];
