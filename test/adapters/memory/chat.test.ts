import { createMemoryChat, type MemoryMessage } from '#adapters/memory/chat.ts';
import type { ChatFault } from '#adapters/memory/chat-faults.ts';
import type { View } from '#core/message.ts';
import { viewText } from '#core/message-text.ts';
import { chatContract, type InjectedFault, type SeenMessage } from '../../contracts/chat.ts';

for (const editScope of ['tenant', 'channel'] as const) {
  chatContract(`memory, edits limited per ${editScope}`, async () => {
    const place = { platform: 'memory', tenant: 'T1', thread: null };
    const { platform, world } = createMemoryChat({
      clock: { now: () => 1000 },
      channels: ['one', 'two'],
      capabilities: { editScope, dedupeSend: editScope === 'channel' },
      scopes: (call, { channel }) => [
        {
          scope: call === 'edit' && editScope === 'tenant' ? 'edit' : `${call} ${channel}`,
          capacity: 5,
          perSecond: 1,
        },
      ],
    });
    const asked: unknown[] = [];
    return {
      chat: platform,
      channel: { ...place, channel: 'one' },
      otherChannel: { ...place, channel: 'two' },
      forbiddenChannel: { ...place, channel: 'three' },
      person: { tenant: 'T1', user: 'ada' },
      seen: async (channel) => [
        ...world.messages(channel).map(seen),
        ...asked
          .flatMap((replyTo) => world.replies(replyTo))
          .filter(({ visibility }) => visibility === 'channel' && channel.channel === 'one')
          .map(({ view }) => seenView(view, 'reply')),
      ],
      seenAlone: async () => [
        ...world.told('ada').map(seen),
        ...asked
          .flatMap((replyTo) => world.replies(replyTo))
          .filter(({ visibility }) => visibility === 'private')
          .map(({ view }) => seenView(view, 'reply')),
      ],
      async interaction() {
        const replyTo = { nonce: asked.length };
        asked.push(replyTo);
        return replyTo;
      },
      async inject(call, fault) {
        const scope = platform.scopes(call, { ...place, channel: 'one' })[0]?.scope ?? '';
        world.faults.failNext(call, faultOf(fault, scope));
        return true;
      },
      remove: async (message) => world.remove(message),
      writes: () => world.calls().filter(({ call }) => call !== 'find').length,
      close: async () => {},
    };
  });
}

function seen({ ref, view }: MemoryMessage): SeenMessage {
  return seenView(view, ref.message);
}

function seenView(view: View, message: string): SeenMessage {
  return {
    message,
    text: viewText(view, { width: 200, now: 0 }),
    buttons: view.blocks.flatMap((block) =>
      block.kind === 'buttons' ? block.buttons.map(({ label, token }) => ({ label, token })) : [],
    ),
    pings: [],
  };
}

function faultOf(fault: InjectedFault, scope: string): ChatFault {
  switch (fault) {
    case 'rate_limited':
      return { kind: 'rate_limited', scope, retryAfterMs: 1000 };
    case 'ambiguous_done':
      return { kind: 'ambiguous', done: true };
    case 'ambiguous_lost':
      return { kind: 'ambiguous', done: false };
    default:
      return { kind: fault };
  }
}
