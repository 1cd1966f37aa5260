import type { Instant, RolloutId } from '#core/ids.ts';
import type { Button, Span } from '#core/message.ts';
import type { CardAction } from './actions.ts';

/** The little that a card needs besides the rollout itself. */
export interface CardContext {
  readonly now: Instant;
  /** The opaque token under which the server keeps the action. Same action, same token. */
  readonly tokenOf: (action: CardAction) => string;
  /** Base URL of the console without a trailing slash; null when it has none that people can reach. */
  readonly consoleUrl: string | null;
  /** Name of the slash command, without the slash. */
  readonly command: string;
}

/** The button that stands for an action. */
export function buttonOf(action: CardAction, context: CardContext): Button {
  return {
    label: action.label,
    token: context.tokenOf(action),
    style: action.style,
    ...(action.confirm === null ? {} : { confirm: action.confirm }),
    ...(action.ask === null ? {} : { ask: action.ask }),
  };
}

/** A release by its name, or by other words: a link to its page where there is one. */
export function releaseSpan(
  id: RolloutId,
  consoleUrl: string | null,
  words: { readonly linked: string; readonly plain: Span } = {
    linked: id,
    plain: { kind: 'code', text: id },
  },
): Span {
  if (consoleUrl === null) return words.plain;
  const url = `${consoleUrl}/rollouts/${encodeURIComponent(id)}`;
  return { kind: 'link', text: words.linked, url };
}
