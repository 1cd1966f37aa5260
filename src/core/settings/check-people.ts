import { accountKey, signalbox } from '#core/people.ts';
import { type Problem, problem, unknownName } from './problem.ts';
import type { Registries } from './registries.ts';
import type { Settings } from './settings.ts';

/** An account stands for one person, and nobody takes the name of the machine. */
export function checkPeople(
  settings: Settings,
  { platforms }: Pick<Registries, 'platforms'>,
): readonly Problem[] {
  const problems: Problem[] = [];
  const owners = new Map<string, string>();
  for (const [person, { accounts }] of Object.entries(settings.people)) {
    const at = ['people', person];
    if (person === signalbox.person) {
      problems.push(problem(at, person, 'another name: this one stands for Signalbox itself'));
    }
    for (const [index, account] of accounts.entries()) {
      const key = accountKey(account);
      const owner = owners.get(key);
      if (owner !== undefined) {
        problems.push(
          problem([...at, 'accounts', index], key, `an account of its own: ${owner} has this one`),
        );
      }
      if (!Object.hasOwn(platforms, account.platform)) {
        const where = [...at, 'accounts', index, 'platform'];
        problems.push(unknownName(where, account.platform, 'a platform', Object.keys(platforms)));
      }
      owners.set(key, person);
    }
  }
  return problems;
}
