import { signal } from '@preact/signals';
import type { SessionInfo } from '#adapters/console/wire.ts';
import { setServerTime } from './clock.ts';
import { get, post, useCsrf } from './http.ts';

/** Who is signed in and what there is; null until known, or when nobody is. */
export const session = signal<SessionInfo | null>(null);

/** Tells other tabs of this browser that the person changed: the cookie is theirs too. */
const tabs = new BroadcastChannel('signalbox-session');

/** Asks the server who one is. @throws RefusedByServer when nobody is signed in */
export async function loadSession(): Promise<SessionInfo> {
  const found = await get<SessionInfo>('/api/session');
  useCsrf(found.csrf);
  setServerTime(found.now);
  session.value = found;
  return found;
}

/** Demo mode: becomes another person. The page begins anew, so that nothing of the former one stays. */
export async function becomePersona(user: string, path = '/'): Promise<void> {
  await post('/api/session/persona', { user });
  tabs.postMessage('changed');
  location.assign(path);
}

/** Signs out: here, or of every session that this person began anywhere. */
export async function endSession(everywhere: boolean): Promise<void> {
  await post('/api/session/end', { everywhere });
  tabs.postMessage('changed');
  location.assign('/');
}

/** Begins anew when another tab became somebody else. */
export function followOtherTabs(): void {
  tabs.addEventListener('message', () => location.reload());
}
