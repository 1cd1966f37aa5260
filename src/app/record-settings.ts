import { z } from 'zod';
import { signalbox } from '#core/people.ts';
import { type SettingsEvent, settingsStream } from '#core/settings/settings-event.ts';
import type { Streams } from '#ports/streams.ts';
import { unplacedRow } from './unplaced-row.ts';

const InForce = z.object({ digest: z.string() });

/**
 * Records in the ledger which settings are in force, so that every decision can be held against the
 * policy of its moment. Of several processes that notice a change, the first records it.
 * Returns false when these were the last ones recorded.
 */
export async function recordSettings(
  tx: Pick<Streams, 'streamForUpdate' | 'append'>,
  settings: { readonly digest: string; readonly file: string },
): Promise<boolean> {
  const stream = await tx.streamForUpdate(settingsStream);
  const last = stream === null ? null : InForce.parse(stream.row.state).digest;
  if (last === settings.digest) return false;
  const body: SettingsEvent = {
    kind: 'settings.changed',
    from: last,
    to: settings.digest,
    file: settings.file,
  };
  await tx.append({
    stream: settingsStream,
    kind: 'system',
    expectedVersion: stream?.version ?? 0,
    events: [{ actor: signalbox, body }],
    row: unplacedRow({ digest: settings.digest }),
  });
  return true;
}
