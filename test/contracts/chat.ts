import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault, type FaultCode } from '#core/fault.ts';
import type { Block, View } from '#core/message.ts';
import type { ChatPlatform, MessageRef } from '#ports/chat.ts';
import type { ChannelRef } from '#ports/gateway.ts';
import { everyBlock, fieldTexts, hostile, huge } from './chat-views.ts';

/** A message as a person sees it: rendered, with all markup resolved. */
export interface SeenMessage {
  readonly message: string;
  /** All the text of the message in reading order; markup characters that came as data stand as they are. */
  readonly text: string;
  readonly buttons: readonly { readonly label: string; readonly token: string }[];
  /** Whom or what the message notifies beyond its plain presence. */
  readonly pings: readonly string[];
}

/** What the next call of a kind meets. `ambiguous_done`: it was done, but the answer got lost. */
export type InjectedFault =
  | 'rate_limited'
  | 'ambiguous_done'
  | 'ambiguous_lost'
  | 'not_allowed'
  | 'auth_lost'
  | 'unavailable';

/** What the far side of a bench cannot do, whatever the adapter can. */
export type ChatLack = 'faults' | 'private answers';
/** Each with the reason, which stands in the title of the case that takes its place. */
export type ChatLacks = Readonly<Partial<Record<ChatLack, string>>>;

/** A platform with two channels that it is in, one that it is not in, and one person. */
export interface ChatBench {
  readonly chat: ChatPlatform;
  readonly channel: ChannelRef;
  readonly otherChannel: ChannelRef;
  readonly forbiddenChannel: ChannelRef;
  readonly person: { readonly tenant: string; readonly user: string };
  /** What everybody sees in a channel or thread, oldest first. */
  seen(channel: ChannelRef): Promise<readonly SeenMessage[]>;
  /** What the person alone was told, oldest first, direct messages and private replies together. */
  seenAlone(): Promise<readonly SeenMessage[]>;
  /** A `replyTo` as it comes with a press or command of the person in `channel`. */
  interaction(): Promise<unknown>;
  /** Only the next call. Faults that the platform cannot have return false. */
  inject(call: 'post' | 'edit', fault: InjectedFault): Promise<boolean>;
  /** Somebody deletes the message. */
  remove(message: MessageRef): Promise<void>;
  /** How many requests that write have reached the platform. */
  writes(): number;
  close(): Promise<void>;
}

/** What may be there after a send whose answer got lost, in messages. */
const unclearSends = [
  ['ambiguous_done', 1],
  ['ambiguous_lost', 0],
] as const satisfies readonly (readonly [InjectedFault, number])[];

/** Faults that say what they are, by the code that they become, and whether trying again may help. */
const plainFaults = [
  ['rate_limited', 'chat.rate_limited', true],
  ['not_allowed', 'chat.not_allowed', false],
  ['auth_lost', 'chat.auth_lost', false],
  ['unavailable', 'chat.unavailable', true],
] as const satisfies readonly (readonly [InjectedFault, FaultCode, boolean])[];

/** What every chat platform promises to the delivery loop. */
export function chatContract(
  name: string,
  create: () => Promise<ChatBench>,
  lacks: ChatLacks = {},
): void {
  describe(`${name} as a chat platform`, () => {
    let bench: ChatBench;
    beforeEach(async () => {
      bench = await create();
    });
    afterEach(() => bench.close());

    const say = (title: string, ...blocks: readonly Block[]): View => ({
      tone: 'neutral',
      title,
      summary: `summary of ${title}`,
      blocks,
    });

    async function failure(work: Promise<unknown>): Promise<Fault> {
      const error = await work.then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (error instanceof Fault) return error;
      throw new Error(`expected a fault, got ${String(error)}`);
    }

    it('posts what everybody in the channel sees, and nobody elsewhere', async () => {
      const { chat, channel, otherChannel } = bench;
      const ref = await chat.post(channel, say('hello there'), 'k.0');
      const seen = await bench.seen(channel);
      expect(seen.map(({ text }) => text.includes('hello there'))).toEqual([true]);
      expect(seen[0]?.pings).toEqual([]);
      expect(ref.channel.channel).toBe(channel.channel);
      expect(JSON.parse(JSON.stringify(ref))).toEqual(ref);
      expect(await bench.seen(otherChannel)).toEqual([]);
    });

    it('edits in place: the same message, the new text, buttons gone', async () => {
      const { chat, channel } = bench;
      const buttons: Block = {
        kind: 'buttons',
        buttons: [{ label: 'Approve v2', token: 't1', style: 'primary' }],
      };
      const ref = await chat.post(channel, say('before', buttons), 'k.0');
      const [posted] = await bench.seen(channel);
      expect(posted?.buttons).toEqual([{ label: 'Approve v2', token: 't1' }]);
      await chat.edit(ref, say('afterwards'), 'k.e1');
      const seen = await bench.seen(channel);
      expect(seen).toHaveLength(1);
      expect(seen[0]?.message).toBe(posted?.message);
      expect(seen[0]?.text).toContain('afterwards');
      expect(seen[0]?.text).not.toContain('before');
      expect(seen[0]?.buttons).toEqual([]);
    });

    it('posts into a thread, where the channel itself does not show it', async () => {
      const { chat, channel } = bench;
      const parent = await chat.post(channel, say('parent card'), 'p.0');
      const thread = { ...channel, thread: parent.message };
      const child = await chat.post(thread, say('a note'), 'c.0');
      expect((await bench.seen(channel)).some(({ text }) => text.includes('a note'))).toBe(false);
      expect((await bench.seen(thread)).some(({ text }) => text.includes('a note'))).toBe(true);
      await chat.edit(child, say('another note'), 'c.e1');
      expect((await bench.seen(thread)).at(-1)?.text).toContain('another note');
    });

    it('shows every kind of block, degraded where it must', async () => {
      const { chat, channel } = bench;
      await chat.post(channel, everyBlock, 'k.0');
      const [seen] = await bench.seen(channel);
      for (const text of fieldTexts) expect(seen?.text).toContain(text);
      expect(seen?.buttons.map(({ token }) => token)).toEqual(['tok-1', 'tok-2']);
    });

    it('shows hostile text as text: no mention, no markup, no link', async () => {
      const { chat, channel } = bench;
      for (const [index, text] of hostile.entries()) {
        await chat.post(channel, say('data', { kind: 'text', line: [text] }), `h${index}.0`);
        const seen = (await bench.seen(channel)).at(-1);
        expect(seen?.text).toContain(text);
        expect(seen?.pings).toEqual([]);
      }
    });

    it('never fails on length', async () => {
      const { chat, channel } = bench;
      const ref = await chat.post(channel, huge, 'k.0');
      await chat.edit(ref, { ...huge, tone: 'success' }, 'k.e1');
      const [seen] = await bench.seen(channel);
      expect(seen?.text).toContain('huge');
      expect(seen?.buttons.length).toBeGreaterThan(0);
    });

    it('tells one person alone', async () => {
      const { chat, channel, person } = bench;
      await chat.tell(person, say('for you alone'), 't.0');
      expect((await bench.seenAlone()).at(-1)?.text).toContain('for you alone');
      expect(await bench.seen(channel)).toEqual([]);
    });

    const unread = lacks['private answers'];
    const partly = unread === undefined ? '' : ` (what is private is sent, not read: ${unread})`;
    it(`answers a press privately, or in the channel${partly}`, async () => {
      const { chat, channel } = bench;
      const reply = { refusal: null, rollout: null, data: null };
      await chat.reply(await bench.interaction(), {
        ...reply,
        visibility: 'private',
        view: say('quiet answer'),
      });
      const alone = (await bench.seenAlone()).at(-1)?.text;
      if (unread === undefined) expect(alone).toContain('quiet answer');
      else expect(alone).toBeUndefined();
      expect(await bench.seen(channel)).toEqual([]);
      await chat.reply(await bench.interaction(), {
        ...reply,
        visibility: 'channel',
        view: say('open answer'),
      });
      expect((await bench.seen(channel)).some(({ text }) => text.includes('open answer'))).toBe(
        true,
      );
    });

    it('finds a message by its key, and says null for a key that it never saw', async () => {
      const { chat, channel } = bench;
      const ref = await chat.post(channel, say('findable'), 'find.0');
      expect(await chat.find(channel, 'find.0')).toEqual(ref);
      expect(await chat.find(channel, 'other.0')).toBeNull();
      const thread = { ...channel, thread: ref.message };
      const child = await chat.post(thread, say('findable too'), 'find.1');
      expect(await chat.find(thread, 'find.1')).toEqual(child);
    });

    const calm = lacks.faults;
    if (calm !== undefined) {
      it.each([...unclearSends, ...plainFaults].map(([fault]) => fault))(
        `never meets %s: ${calm}`,
        async (fault) => {
          for (const call of ['post', 'edit'] as const) {
            expect(await bench.inject(call, fault)).toBe(false);
          }
        },
      );
    }
    it.each(calm === undefined ? unclearSends : [])(
      'after an unclear send (%s) finds out what became of it',
      async (fault, count) => {
        const { chat, channel } = bench;
        if (!(await bench.inject('post', fault))) return;
        const thrown = await failure(chat.post(channel, say('unclear'), 'amb.0'));
        expect(thrown.code).toBe('chat.ambiguous');
        const found = await chat.find(channel, 'amb.0');
        expect(found === null ? 0 : 1).toBe(count);
        expect(await bench.seen(channel)).toHaveLength(count);
        if (found === null) return;
        await chat.edit(found, say('clear again'), 'amb.e1');
        expect((await bench.seen(channel))[0]?.text).toContain('clear again');
      },
    );

    it('makes one message of a repeated key where it says that it does', async () => {
      const { chat, channel } = bench;
      if (!chat.capabilities.dedupeSend) return;
      const first = await chat.post(channel, say('once'), 'same.0');
      expect(await chat.post(channel, say('once'), 'same.0')).toEqual(first);
      expect(await bench.seen(channel)).toHaveLength(1);
    });

    it.each(calm === undefined ? plainFaults : [])(
      'says %s as %s, at once and without trying again by itself',
      async (fault, code, retryable) => {
        const { chat, channel } = bench;
        for (const call of ['post', 'edit'] as const) {
          const ref = await chat.post(channel, say('base'), `${call}.0`);
          if (!(await bench.inject(call, fault))) continue;
          const before = bench.writes();
          const work =
            call === 'post'
              ? chat.post(channel, say('more'), `${call}.1`)
              : chat.edit(ref, say('more'), `${call}.e1`);
          const thrown = await failure(work);
          expect([call, thrown.code, thrown.retryable]).toEqual([call, code, retryable]);
          expect(bench.writes() - before).toBeLessThanOrEqual(1);
          if (code === 'chat.rate_limited') expectScope(thrown, call);
        }
      },
    );

    function expectScope(thrown: Fault, call: 'post' | 'edit'): void {
      const { chat, channel } = bench;
      expect(chat.scopes(call, channel).map(({ scope }) => scope)).toContain(thrown.scope);
      expect(thrown.retryAfterMs).toBeGreaterThan(0);
    }

    it('says gone for a message that somebody deleted', async () => {
      const { chat, channel } = bench;
      const ref = await chat.post(channel, say('doomed'), 'k.0');
      await bench.remove(ref);
      expect((await failure(chat.edit(ref, say('too late'), 'k.e1'))).code).toBe('chat.gone');
    });

    it('says not allowed for a channel that it is not in', async () => {
      const thrown = await failure(bench.chat.post(bench.forbiddenChannel, say('hi'), 'k.0'));
      expect(thrown.code).toBe('chat.not_allowed');
    });

    it('names real buckets, shared as its capabilities say', () => {
      const { chat, channel, otherChannel } = bench;
      for (const call of ['post', 'edit', 'reply'] as const) {
        for (const scope of chat.scopes(call, channel)) {
          expect(scope.capacity).toBeGreaterThanOrEqual(1);
          expect(scope.perSecond).toBeGreaterThan(0);
        }
      }
      const names = (at: ChannelRef) => chat.scopes('edit', at).map(({ scope }) => scope);
      expect(names(channel).length).toBeGreaterThan(0);
      const all = names(channel).every((scope) => names(otherChannel).includes(scope));
      expect(all).toBe(chat.capabilities.editScope === 'tenant');
    });
  });
}
