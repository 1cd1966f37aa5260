import { rcompare, valid } from 'semver';

/**
 * The tags that are versions, newest first: semantic versions by their precedence (a leading `v`
 * does not matter), or all tags in the falling order of their names.
 */
export function newestFirst(tags: readonly string[], which: 'semver' | 'all'): readonly string[] {
  if (which === 'all') return [...tags].sort().reverse();
  return tags.filter((tag) => valid(tag) !== null).sort(rcompare);
}
