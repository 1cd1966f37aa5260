import { computed, signal } from '@preact/signals';

/** For whom figures are shown. */
export type FiguresAbout = 'leads' | 'on-call' | 'debug';

/** Where in the page somebody is. */
export type Route =
  | {
      readonly page: 'chat';
      readonly channel: string | null;
      /** The message whose thread is open. */
      readonly thread: number | null;
      /** The message to bring into view. */
      readonly focus: number | null;
    }
  | { readonly page: 'board' }
  | { readonly page: 'releases'; readonly query: URLSearchParams }
  | { readonly page: 'release'; readonly id: string }
  | { readonly page: 'postmortem'; readonly id: string }
  | { readonly page: 'figures'; readonly about: FiguresAbout; readonly query: URLSearchParams }
  | { readonly page: 'link' }
  | { readonly page: 'nowhere' };

const address = signal(location.pathname + location.search);

/** The present route. */
export const route = computed(() => read(new URL(address.value, location.origin)));

/** Goes somewhere within the page. */
export function navigate(path: string, replace = false): void {
  if (path === address.value) return;
  if (replace) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  address.value = path;
}

/** Path of a channel, or of a thread in it. */
export function channelPath(channel: string, thread: number | null = null): string {
  const base = channel.startsWith('dm:') ? '/dm' : `/c/${encodeURIComponent(channel)}`;
  return thread === null ? base : `${base}/${thread}`;
}

/** Follows the browser's own way back, and plain clicks on links within the page. */
export function startRouter(): void {
  address.value = location.pathname + location.search;
  addEventListener('popstate', () => {
    address.value = location.pathname + location.search;
  });
  addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (link === null || modified || event.button !== 0 || link.target === '_blank') return;
    if (link.origin !== location.origin || link.hash !== '' || isServerPath(link.pathname)) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
}

function isServerPath(path: string): boolean {
  return path.startsWith('/auth/') || path.startsWith('/api/');
}

function read(url: URL): Route {
  const parts = url.pathname.split('/').filter((part) => part !== '');
  const [first = '', second, third] = parts.map(decoded);
  const focus = number(url.searchParams.get('m'));
  switch (first) {
    case '':
      return { page: 'chat', channel: null, thread: null, focus: null };
    case 'c':
      return {
        page: 'chat',
        channel: second ?? '',
        thread: number(third),
        focus,
      };
    case 'dm':
      return { page: 'chat', channel: 'dm', thread: number(second), focus };
    case 'board':
      return { page: 'board' };
    case 'rollouts':
      return second === undefined
        ? { page: 'releases', query: url.searchParams }
        : { page: third === 'postmortem' ? third : 'release', id: second };
    case 'figures':
      return figures(second, url.searchParams);
    case 'link':
      return { page: 'link' };
    default:
      return { page: 'nowhere' };
  }
}

function figures(about: string | undefined, query: URLSearchParams): Route {
  if (about === undefined) return { page: 'figures', about: 'leads', query };
  return about === 'on-call' || about === 'debug'
    ? { page: 'figures', about, query }
    : { page: 'nowhere' };
}

/** A part of a path in plain words; one that cannot be read stands for itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function number(text: string | null | undefined): number | null {
  return text !== null && text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
