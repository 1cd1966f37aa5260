import { accountKey, signalbox } from '#core/people.ts';
import { type Problem, problem } from './problem.ts';
import type { Settings } from './settings.ts';

/** An account stands for one person, and nobody takes the name of the machine. */
export function checkPeople(settings: Settings): readonly Problem[] {
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
      if (account.platform === signalbox.account.platform) {
        problems.push(problem([...at, 'accounts', index, 'platform'], key, 'a chat platform'));
      }
      owners.set(key, person);
    }
  }
  return problems;
}
