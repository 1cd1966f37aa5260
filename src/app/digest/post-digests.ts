import { consoleUrlOf } from '#app/card-actions.ts';
import { isConfigured, refsOf } from '#app/rollout/channels-of.ts';
import type { Rollouts } from '#app/rollouts.ts';
import { tellChannel } from '#app/tell-channel.ts';
import { unplacedRow } from '#app/unplaced-row.ts';
import type { World } from '#app/world.ts';
import { digestView } from '#core/cards/digest-view.ts';
import { type Drifted, digestContents } from '#core/digest/contents.ts';
import { lastDue } from '#core/digest/due.ts';
import { type DigestEvent, DigestState, evolveDigest, owed } from '#core/digest/posted.ts';
import type { Instant } from '#core/ids.ts';
import { signalbox } from '#core/people.ts';
import type { DigestSettings } from '#core/settings/digest.ts';
import { dateTime } from '#core/when.ts';
import type { Transaction } from '#ports/store.ts';
import type { StreamRecord } from '#ports/streams.ts';
import { readDigest } from './read-digest.ts';
import { readDrifts } from './read-drifts.ts';

/**
 * Posts the digests of the settings when they are due. A chore: it may be called as often as one
 * likes and by several processes, since what was posted is recorded with the post in one
 * transaction. After a time in which nobody was there it posts one, over all of that time.
 */
export function postDigests(world: World, rollouts: Rollouts): () => Promise<number> {
  /** The last time for which nothing is owed any more, by digest: spares the database. */
  const settled = new Map<string, number>();

  return async () => {
    let posted = 0;
    for (const [name, digest] of Object.entries(world.settings().settings.digests)) {
      const due = lastDue(digest, world.clock.now());
      if (settled.get(name) === due) continue;
      // The targets are asked before, and only for a digest that will be posted.
      const owing = await world.store.transact((tx) => isOwed(tx, name, due));
      const drifts = owing ? await readDrifts(world, rollouts) : [];
      const post = { name, digest, drifts };
      const done = await world.store.transact((tx) => postOne(tx, world, rollouts, post));
      // By the database's time, which may be a little behind ours: then it is not settled yet.
      settled.set(name, done.due);
      if (!done.posted) continue;
      posted += 1;
      world.pokeDelivery();
    }
    return posted;
  };
}

async function isOwed(tx: Transaction, name: string, due: Instant): Promise<boolean> {
  const record = await tx.stream(`digest:${name}`);
  return owed(record === null ? null : DigestState.parse(record.row.state), due)?.begin === false;
}

async function postOne(
  tx: Transaction,
  world: World,
  rollouts: Rollouts,
  post: {
    readonly name: string;
    readonly digest: DigestSettings;
    readonly drifts: readonly Drifted[];
  },
): Promise<{ readonly due: Instant; readonly posted: boolean }> {
  const { name, digest, drifts } = post;
  const stream = `digest:${name}`;
  const record = await tx.streamForUpdate(stream);
  const due = lastDue(digest, tx.now);
  const owing = owed(record === null ? null : DigestState.parse(record.row.state), due);
  if (owing === null) return { due, posted: false };
  if (owing.begin) {
    await append(tx, stream, record, { kind: 'digest.begun', due });
    return { due, posted: false };
  }
  const snapshot = world.settings();
  const { from } = owing;
  const question = await readDigest(tx, snapshot, rollouts, from, digest, drifts);
  const { quiet } = digestContents(question);
  const says = !quiet || digest.quiet === 'line';
  if (says) {
    const view = digestView(question, {
      period: `since ${dateTime(from, digest.zone)}`,
      consoleUrl: consoleUrlOf(snapshot.settings),
    });
    const refs = refsOf(snapshot.settings.channels[digest.channel]).filter(({ platform }) =>
      isConfigured(snapshot.settings, platform),
    );
    for (const channel of refs) {
      await tellChannel(tx, world.crypto.sha256, channel, {
        id: `${stream}:${due}:${channel.platform}:${channel.tenant}:${channel.channel}`,
        urgency: 3,
        view,
        final: true,
      });
    }
  }
  await append(tx, stream, record, { kind: 'digest.posted', due, from, quiet });
  return { due, posted: says };
}

async function append(
  tx: Transaction,
  stream: string,
  record: StreamRecord | null,
  body: DigestEvent,
): Promise<void> {
  await tx.append({
    stream,
    kind: 'digest',
    expectedVersion: record?.version ?? 0,
    events: [{ actor: signalbox, body }],
    row: unplacedRow(evolveDigest(body, tx.now)),
  });
}
