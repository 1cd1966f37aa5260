import { bareView, pointerView, repostedView } from '#core/delivery/anchor-views.ts';
import type { Candidate } from '#core/delivery/candidate.ts';
import { type Deliverable, postKey } from '#core/delivery/deliverable.ts';
import type { Call } from '#core/delivery/next-call.ts';
import { Fault } from '#core/fault.ts';
import type { View } from '#core/message.ts';
import type { ChatPlatform, MessageRef } from '#ports/chat.ts';
import type { Failpoint } from '#ports/failpoint.ts';
import type { Log } from '#ports/log.ts';

export interface SendNeeds {
  readonly platform: ChatPlatform;
  readonly failpoint: Failpoint;
  readonly log: Log;
}

/** Where a surface now stands on the platform, and whether it stands there anew. */
export interface Sent {
  readonly message: MessageRef;
  readonly anchored: boolean;
  /** What was done: for the figures. */
  readonly how: 'post' | 'edit' | 'found' | 'reanchor';
}

/** Makes the one call that a surface needs. Faults of the platform pass through. */
export async function sendSurface(needs: SendNeeds, { surface, call }: Candidate): Promise<Sent> {
  await needs.failpoint('before-send');
  const sent = await orBare(needs, surface.desired, (view) => send(needs, surface, call, view));
  await needs.failpoint('after-send');
  return sent;
}

/** A platform that cannot take the message as it is gets the bare wording at once. */
export async function orBare<T>(
  { log, platform }: SendNeeds,
  view: View,
  attempt: (view: View) => Promise<T>,
): Promise<T> {
  try {
    return await attempt(view);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'chat.invalid') throw error;
    log.error('A platform cannot take a message; its bare wording is sent instead', {
      title: view.title,
      platform: platform.name,
      error,
    });
    return await attempt(bareView(view));
  }
}

async function send(needs: SendNeeds, surface: Deliverable, call: Call, view: View): Promise<Sent> {
  const { platform } = needs;
  const key = postKey(surface);
  switch (call.kind) {
    case 'post': {
      const shown = call.again ? repostedView(view) : view;
      return anew(await platform.post(call.channel, shown, key), 'post');
    }
    case 'tell':
      return anew(await platform.tell(call.account, view, key, call.unclear), 'post');
    case 'edit':
      await platform.edit(call.message, view, editKey(surface));
      return { message: call.message, anchored: false, how: 'edit' };
    case 'find': {
      const found = await platform.find(call.channel, key);
      if (found === null) return anew(await platform.post(call.channel, view, key), 'post');
      await platform.edit(found, view, editKey(surface));
      return anew(found, 'found');
    }
    case 'reanchor': {
      const message = await platform.post(call.channel, view, key);
      await leavePointer(needs, call.old, surface);
      return anew(message, 'reanchor');
    }
    case 'nothing':
    case 'wait':
      throw new Error(`There is nothing to send for ${surface.id}`);
  }
}

/** The old message points to the new one, if it can still be edited. */
async function leavePointer(
  { platform, log }: SendNeeds,
  old: MessageRef,
  surface: Deliverable,
): Promise<void> {
  try {
    await platform.edit(old, pointerView(surface.desired), editKey(surface));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    log.debug('An old message could not be turned into a pointer', { error });
  }
}

function anew(message: MessageRef, how: Sent['how']): Sent {
  return { message, anchored: true, how };
}

function editKey(surface: Deliverable): string {
  return `${surface.id}.edit.${surface.desiredRevision}`;
}
