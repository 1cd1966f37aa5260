import type { FieldKind } from '#core/command.ts';
import { parseDuration } from '#core/duration.ts';

/** The names that decide what a bare word means. Exact matches only. */
export interface Vocabulary {
  isService(word: string): boolean;
  isEnvironment(word: string): boolean;
  isPerson(word: string): boolean;
}

/** What a registry tag may look like; the digest form is accepted too. */
const versionShape = /^(?:[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}|sha256:[0-9a-f]{64})$/;
const rolloutShape = /^([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)-[1-9]\d{0,8}$/;

/** Whether a word, standing alone, is plainly of the kind. */
export function isOfKind(kind: FieldKind, word: string, names: Vocabulary): boolean {
  switch (kind) {
    case 'service':
      return names.isService(word);
    case 'environment':
      return names.isEnvironment(word);
    case 'person':
      return names.isPerson(word);
    case 'rollout':
      return names.isService(rolloutShape.exec(word)?.[1] ?? '') && !names.isService(word);
    case 'alert':
      return /^[a-z]{1,20}-[0-9a-f]{16}$/.test(word);
    case 'version':
      return versionShape.test(word) && /\d/.test(word) && !names.isService(word);
    case 'duration':
      return parseDuration(word) !== null && !/^\d+$/.test(word);
    case 'number':
      return /^\d{1,9}$/.test(word);
    case 'text':
    case 'flag':
      return false;
  }
}
