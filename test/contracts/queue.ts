import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Queue, Wake } from '#ports/queue.ts';

/** A queue on a server of its own, and what can happen to that server. */
export interface QueueBench {
  /** The queue of this process; another object after `crashWhileHandling` when it had to be opened anew. */
  queue(): Queue;
  /** The same queue as another process sees it. */
  another(): Promise<Queue>;
  now(): number;
  /** Lets so many milliseconds go by. */
  pass(ms: number): Promise<void>;
  /** The server forgets everything. */
  flush(): Promise<void>;
  /** A consumer takes the wake and dies while it handles it. */
  crashWhileHandling(wake: Wake): Promise<void>;
  close(): Promise<void>;
}

const wake = (subject: string, attempt = '1'): Wake => ({ topic: 'rollout', subject, attempt });

/** What every queue promises. */
export function queueContract(name: string, create: () => Promise<QueueBench>): void {
  describe(`${name} as a queue`, () => {
    let bench: QueueBench;
    let handled: string[];
    let queue: Queue;
    beforeEach(async () => {
      bench = await create();
      queue = bench.queue();
      handled = [];
    });
    afterEach(() => bench.close());

    const note = async ({ subject, attempt }: Wake) => {
      handled.push(`${subject}#${attempt}`);
    };

    async function until(holds: () => void): Promise<void> {
      await vi.waitFor(
        async () => {
          await bench.pass(5);
          holds();
        },
        { timeout: 15_000, interval: 5 },
      );
    }

    async function quiet(): Promise<void> {
      await bench.pass(150);
    }

    it('hands each wake over as it was asked for', async () => {
      const asked: readonly Wake[] = [
        { topic: 'rollout', subject: 'shop-1', attempt: '7' },
        { topic: 'inbox', subject: 'slack:T1/C2 ü%', attempt: '7:1' },
        { topic: 'deliver', subject: '12', attempt: '' },
        { topic: 'timer', subject: 'digest', attempt: '2026-11-21' },
      ];
      const got: Wake[] = [];
      await queue.consume(async (each) => {
        got.push(each);
      }, 2);
      for (const each of asked) await queue.wake(each, null);
      await until(() => expect(got).toHaveLength(asked.length));
      expect(new Set(got)).toEqual(new Set(asked));
    });

    it('waits for the time and not much longer', async () => {
      let at = 0;
      await queue.consume(async () => {
        at = bench.now();
      }, 1);
      const due = bench.now() + 300;
      await queue.wake(wake('later'), due);
      await until(() => expect(at).toBeGreaterThan(0));
      expect(at).toBeGreaterThanOrEqual(due);
      expect(at).toBeLessThan(due + 5000);
    });

    it('makes one wake of the same wake asked for twice', async () => {
      await queue.wake(wake('a'), bench.now() + 100);
      await queue.wake(wake('a'), bench.now() + 100);
      await queue.wake(wake('a', '2'), bench.now() + 100);
      await queue.consume(note, 2);
      await until(() => expect(handled).toHaveLength(2));
      await quiet();
      expect(handled.toSorted()).toEqual(['a#1', 'a#2']);
    });

    it('takes a wake again that has already run', async () => {
      await queue.consume(note, 1);
      for (const times of [1, 2, 3]) {
        await queue.wake(wake('a'), null);
        await until(() => expect(handled).toHaveLength(times));
      }
    });

    it('runs a wake once more that its own handler asks for', async () => {
      let inside = 0;
      let most = 0;
      await queue.consume(async (each) => {
        inside += 1;
        most = Math.max(most, inside);
        if (handled.length < 3) await queue.wake(each, bench.now() + handled.length * 40);
        await note(each);
        inside -= 1;
      }, 4);
      await queue.wake(wake('a'), null);
      await until(() => expect(handled).toHaveLength(4));
      await quiet();
      expect({ handled: handled.length, most }).toEqual({ handled: 4, most: 1 });
    });

    it('does not retry what throws, and goes on', async () => {
      await queue.consume(async (each) => {
        await note(each);
        throw new Error('The handler failed');
      }, 1);
      await queue.wake(wake('a'), null);
      await queue.wake(wake('b'), null);
      await until(() => expect(handled).toHaveLength(2));
      await quiet();
      expect(handled).toHaveLength(2);
      await queue.wake(wake('a'), null);
      await until(() => expect(handled).toHaveLength(3));
    });

    it('runs as many at once as it may, and no more', async () => {
      const release = Promise.withResolvers<void>();
      let inside = 0;
      let most = 0;
      await queue.consume(async (each) => {
        inside += 1;
        most = Math.max(most, inside);
        await release.promise;
        inside -= 1;
        await note(each);
      }, 3);
      for (let n = 0; n < 7; n += 1) await queue.wake(wake(`s${n}`), null);
      await until(() => expect(inside).toBe(3));
      await quiet();
      release.resolve();
      await until(() => expect(handled).toHaveLength(7));
      expect(most).toBe(3);
    });

    it('stops by aborting and then waiting for what runs, and leaves the rest to others', async () => {
      let aborted = false;
      let ended = false;
      const consumer = await queue.consume(async (each, signal) => {
        await note(each);
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve);
        });
        aborted = true;
        await Promise.resolve();
        ended = true;
      }, 1);
      await queue.wake(wake('a'), null);
      await until(() => expect(handled).toEqual(['a#1']));
      await queue.wake(wake('b'), null);
      await consumer.stop();
      expect({ aborted, ended, handled }).toEqual({ aborted: true, ended: true, handled: ['a#1'] });
      await queue.consume(note, 1);
      await until(() => expect(handled.toSorted()).toEqual(['a#1', 'a#1', 'b#1']));
    });

    it('shares the wakes out among consumers in several processes', async () => {
      const other = await bench.another();
      const by: (readonly [subject: string, who: number])[] = [];
      for (const [who, each] of [queue, other].entries()) {
        await each.consume(async ({ subject }) => {
          by.push([subject, who]);
          await bench.pass(20);
        }, 1);
      }
      for (let n = 0; n < 10; n += 1) await queue.wake(wake(`s${n}`), null);
      await until(() => expect(new Map(by).size).toBe(10));
      expect(by).toHaveLength(10);
      expect(new Set(new Map(by).values())).toEqual(new Set([0, 1]));
      await other.close();
    });

    it('hands a wake over again whose consumer died', async () => {
      await bench.crashWhileHandling(wake('a'));
      queue = bench.queue();
      await queue.consume(note, 1);
      await until(() => expect(handled).toEqual(['a#1']));
    });

    it('works on after the server has forgotten everything', async () => {
      await queue.wake(wake('lost'), bench.now() + 500);
      const release = Promise.withResolvers<void>();
      await queue.consume(async (each) => {
        if (each.subject === 'amid') await release.promise;
        await note(each);
      }, 2);
      await queue.wake(wake('amid'), null);
      await quiet();
      await bench.flush();
      release.resolve();
      await bench.pass(600);
      await queue.wake(wake('next'), null);
      await until(() => expect(handled).toContain('next#1'));
      expect(handled).not.toContain('lost#1');
    });

    it('says whether it answers, and refuses when closed', async () => {
      expect(await queue.healthy()).toBe(true);
      await queue.close();
      expect(await queue.healthy()).toBe(false);
      await expect(queue.wake(wake('a'), null)).rejects.toMatchObject({
        code: 'queue.unavailable',
      });
    });
  });
}
