import { signal } from '@preact/signals';
import { asRefusal, post } from '#adapters/console/page/http.ts';
import { notify } from '#adapters/console/page/notices.ts';
import type { WireMessage } from '#adapters/console/wire.ts';
import type { Refusal } from '#core/refusal.ts';
import type { Reply } from '#ports/gateway.ts';
import { receive } from './conversations.ts';

/** How many requests are on their way to the server. */
export const sending = signal(0);

/** True for what the server reads as a command. */
export function isCommand(text: string): boolean {
  return /^\s*(?:\/|@signalbox\b)/i.test(text);
}

/** Sends what was typed. Returns why not, if it did not arrive: then the text is kept. */
export async function send(
  channel: string,
  thread: number | null,
  text: string,
): Promise<Refusal | null> {
  const id = crypto.randomUUID();
  return guarded(async () => {
    if (!isCommand(text)) {
      receive(await post<WireMessage>('/api/messages', { id, channel, thread, text }));
      return;
    }
    await post<Reply>('/api/commands', { id, channel, thread, text });
  });
}

/** Presses a button. What is answered to the presser alone is said at the edge of the page. */
export async function press(
  message: number | null,
  token: string,
  input: string | null,
): Promise<Reply | null> {
  let reply: Reply | null = null;
  await guarded(async () => {
    reply = await post<Reply>('/api/actions', { id: crypto.randomUUID(), message, token, input });
    if (reply.refusal !== null) notify('warning', reply.refusal.message, reply.refusal.next);
    else if (reply.visibility === 'private') notify('success', reply.view.summary);
  });
  return reply;
}

/** Runs a command outside of any channel; its answer is said at the edge of the page. */
export async function runCommand(text: string): Promise<void> {
  const reply = await askCommand(text);
  if (reply === null) return;
  const { refusal, view } = reply;
  if (refusal === null) notify('success', view.summary);
  else notify('warning', refusal.message, refusal.next);
}

/** Runs a command outside of any channel and returns its answer; null when it did not arrive. */
export async function askCommand(text: string): Promise<Reply | null> {
  let reply: Reply | null = null;
  await guarded(async () => {
    reply = await post<Reply>('/api/commands', { id: crypto.randomUUID(), text });
  });
  return reply;
}

async function guarded(work: () => Promise<void>): Promise<Refusal | null> {
  sending.value += 1;
  try {
    await work();
    return null;
  } catch (problem) {
    const refusal = asRefusal(problem);
    notify('danger', refusal.message, refusal.next);
    return refusal;
  } finally {
    sending.value -= 1;
  }
}
