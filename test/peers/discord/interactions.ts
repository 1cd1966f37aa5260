import { type Answer, failed, nothing } from './answers.ts';
import { createMessage } from './messages.ts';
import { type RouteParts, recordOf } from './request.ts';
import type { Interaction } from './state.ts';
import { MessageBody, Modal } from './validate.ts';

/** Takes the first answer of an interaction, over either transport. Discord waits three seconds. */
export function answerInteraction(
  parts: RouteParts,
  interaction: Interaction,
  given: unknown,
): Answer {
  const { state, refused } = parts;
  if (interaction.answered !== null)
    return failed(400, 40_060, 'Interaction has already been acknowledged.');
  if (state.now() - interaction.at > state.patienceMs)
    return failed(404, 10_062, 'Unknown interaction');
  const { type, data } = recordOf(given);
  const wrong = whatIsWrong(interaction, type, data);
  if (wrong !== null) {
    refused.push(`interaction ${interaction.type}: ${wrong}`);
    return failed(400, 50_035, 'Invalid Form Body');
  }
  interaction.answered = state.now();
  interaction.answer = { type, data };
  const channel = interaction.channel ?? '';
  if (type === 4) {
    const body = MessageBody.parse(data);
    interaction.original = createMessage(
      parts,
      channel,
      body,
      { files: [] },
      null,
      interaction.alone,
    ).id;
  }
  if (type === 5) {
    const empty = MessageBody.parse({
      flags: 32_768 + 64,
      components: [{ type: 10, content: '(thinks)' }],
    });
    interaction.original = createMessage(
      parts,
      channel,
      empty,
      { files: [] },
      null,
      interaction.alone,
    ).id;
  }
  if (type === 6) interaction.original = interaction.message;
  if (type === 7) {
    const body = MessageBody.parse(data);
    const message = state.messages.find(({ id }) => id === interaction.message);
    if (message !== undefined) message.components = body.components;
    interaction.original = interaction.message;
  }
  return nothing;
}

function whatIsWrong(interaction: Interaction, type: unknown, data: unknown): string | null {
  if (interaction.type === 4) return wrongChoices(type, data);
  if (type === 8) return 'choices where nobody asked';
  if (type === 9) {
    const follows = interaction.type === 5;
    return follows ? 'a form cannot follow a form' : (Modal.safeParse(data).error?.message ?? null);
  }
  if (type === 4 || type === 7) return MessageBody.safeParse(data).error?.message ?? null;
  if (type === 5)
    return recordOf(data)['flags'] === 64 ? null : 'deferring may set EPHEMERAL alone';
  if (type === 6) return interaction.message === null ? 'nothing to update' : null;
  return `unknown kind of answer ${String(type)}`;
}

function wrongChoices(type: unknown, data: unknown): string | null {
  const { choices } = recordOf(data);
  if (type !== 8 || !Array.isArray(choices) || choices.length > 25) return 'no list of choices';
  return choices.every((one) => isChoice(recordOf(one))) ? null : 'a bad choice';
}

function isChoice({ name, value }: Readonly<Record<string, unknown>>): boolean {
  const fits = (text: unknown) =>
    typeof text === 'string' && text.length >= 1 && text.length <= 100;
  return fits(name) && fits(value);
}
