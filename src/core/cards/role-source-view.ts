import type { View } from '#core/message.ts';
import { noticeView } from './notice-view.ts';

/** A channel or group behind roles, and what became of it. */
export interface RoleSource {
  readonly kind: 'channel' | 'group';
  readonly id: string;
  readonly roles: readonly string[];
}

/** Who reads this should look: somebody opened or shared the source that these roles rest on. */
export function lostSourceView({ kind, id, roles }: RoleSource, because: string): View {
  return noticeView({
    tone: 'danger',
    title: 'A source of roles grants nothing',
    said: `The ${kind} ${id} gives no role any more: ${named(roles)}.`,
    more: [
      [because],
      ['Nobody decides by it until it is private and unshared again, or another one is named.'],
    ],
  });
}

/** The same message, once the source counts again. */
export function restoredSourceView({ kind, id, roles }: RoleSource): View {
  return noticeView({
    tone: 'success',
    title: 'A source of roles counts again',
    said: `The ${kind} ${id} gives its roles again: ${named(roles)}.`,
  });
}

function named(roles: readonly string[]): string {
  return roles.join(', ');
}
