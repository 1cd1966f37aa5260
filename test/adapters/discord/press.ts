import type { DiscordPeer } from '../../peers/discord/peer.ts';
import { componentsOf } from '../../peers/discord/seen.ts';
import type { Message } from '../../peers/discord/state.ts';

/** The smallest picture there is. */
export const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** The newest button that begins with these words, among messages. */
export function findButton(
  messages: readonly Message[],
  label: string,
): { readonly channel: string; readonly message: string; readonly customId: string } | null {
  for (const message of messages.toReversed()) {
    const found = componentsOf(message).find(
      (one) => one.type === 2 && one.label?.startsWith(label) === true,
    );
    if (found?.custom_id === undefined) continue;
    return { channel: message.channel, message: message.id, customId: found.custom_id };
  }
  return null;
}

/** Presses it, as a person does: says yes to its question, or fills in its form. */
export async function pressButton(
  peer: DiscordPeer,
  messages: readonly Message[],
  user: string,
  label: string,
  comment = '',
): Promise<void> {
  const button = findButton(messages, label);
  if (button === null) {
    const labels = messages.map((one) => componentsOf(one).flatMap((each) => each.label ?? []));
    throw new Error(`no button ${label} on ${JSON.stringify(labels)}`);
  }
  const { customId, ...where } = button;
  const { people } = peer;
  const pressed = await people.told(await people.press(user, customId, where));
  if (pressed.answer?.['type'] === 9) {
    await people.told(await people.submit(user, customId, { text: comment }, where));
  }
  const question = peer.state.messages.find(({ id }) => id === pressed.original);
  const yes = question && componentsOf(question).find((one) => one.custom_id?.startsWith('y:'));
  if (question === undefined || yes?.custom_id === undefined) return;
  const private_ = { channel: where.channel, message: question.id };
  await people.told(await people.press(user, yes.custom_id, private_));
}
