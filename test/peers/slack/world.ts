import type { SlackPeer } from './peer.ts';
import { botUser, type Json, type PeerUser, team } from './state.ts';

/** Adds a person of the workspace. */
export function addUser(peer: SlackPeer, id: string, over: Partial<PeerUser> = {}): string {
  peer.state.users.set(id, { id, team, ...over });
  return id;
}

/** Adds a channel with the app and these people in it. */
export function addChannel(
  peer: SlackPeer,
  id: string,
  members: readonly string[],
  over: { readonly public?: boolean; readonly facts?: Json; readonly without?: boolean } = {},
): string {
  const inside = over.without === true ? members : [...members, botUser];
  peer.state.channels.set(id, {
    id,
    private: over.public !== true,
    members: new Set(inside),
    facts: over.facts ?? {},
  });
  return id;
}
