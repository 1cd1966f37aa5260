import { z } from 'zod';
import type { Digest } from '#core/canonical.ts';
import { type NoteKey, parseVerifierKey } from '#core/ledger/note.ts';
import { type Actor, signalbox } from '#core/people.ts';
import type { Store } from '#ports/store.ts';
import type { Streams } from '#ports/streams.ts';
import { unplacedRow } from './unplaced-row.ts';

const stream = 'system:installation';

/** What all processes on one database have in common, told without giving anything away. */
export interface InstallationKeys {
  /** The key that signs checkpoints, as its verifier key. */
  readonly signingKey: string;
  /** A fingerprint of the secret that signs links, cookies and buttons. */
  readonly secret: string;
}

const Known = z.object({ signingKeys: z.array(z.string()), secret: z.string() });
type Known = z.infer<typeof Known>;

/** What differs from the keys that the installation is known by. */
export type Difference = 'SIGNALBOX_SIGNING_KEY' | 'SIGNALBOX_SECRET';

/**
 * Compares the keys of this process with those of the installation; the first process on an empty
 * database says what they are. Two processes with different secrets would refuse each other's
 * buttons, and with different keys sign two histories, so a difference is to stop the boot.
 */
export async function joinInstallation(
  store: Pick<Store, 'transact'>,
  keys: InstallationKeys,
): Promise<readonly Difference[]> {
  return store.transact(async (tx) => {
    const record = await tx.streamForUpdate(stream);
    if (record === null) {
      const first = { signingKeys: [keys.signingKey], secret: keys.secret };
      await write(tx, 0, first, signalbox);
      return [];
    }
    const known = Known.parse(record.row.state);
    const differences: Difference[] = [];
    if (known.signingKeys.at(-1) !== keys.signingKey) differences.push('SIGNALBOX_SIGNING_KEY');
    if (known.secret !== keys.secret) differences.push('SIGNALBOX_SECRET');
    return differences;
  });
}

/** Makes these the keys of the installation, because somebody changed them on purpose. */
export async function changeInstallationKeys(
  tx: Pick<Streams, 'streamForUpdate' | 'append'>,
  keys: InstallationKeys,
  by: Actor,
): Promise<void> {
  const record = await tx.streamForUpdate(stream);
  const known = record === null ? null : Known.parse(record.row.state);
  const before = known?.signingKeys ?? [];
  if (before.at(-1) === keys.signingKey && known?.secret === keys.secret) return;
  const former = before.filter((key) => key !== keys.signingKey);
  const changed = { signingKeys: [...former, keys.signingKey], secret: keys.secret };
  await write(tx, record?.version ?? 0, changed, by);
}

/** Keys that signed checkpoints before the one in use. */
export async function formerKeys(
  store: Pick<Store, 'transact'>,
  digest: Digest,
): Promise<readonly NoteKey[]> {
  const record = await store.transact((tx) => tx.stream(stream));
  if (record === null) return [];
  const { signingKeys } = Known.parse(record.row.state);
  return signingKeys.slice(0, -1).flatMap((text) => parseVerifierKey(digest, text) ?? []);
}

async function write(
  tx: Pick<Streams, 'append'>,
  expectedVersion: number,
  known: Known,
  actor: Actor,
): Promise<void> {
  await tx.append({
    stream,
    kind: 'system',
    expectedVersion,
    events: [{ actor, body: { kind: 'installation.keys', ...known } }],
    row: unplacedRow(known),
  });
}
