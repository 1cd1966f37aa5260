import type { z } from 'zod';

/** An alert must not wait long for the name of a person. */
const timeoutMs = 3000;
const limitBytes = 1_000_000;

/**
 * Asks an API for JSON of a form.
 * @throws Error with a sentence for people when it cannot be had
 */
export async function ask<Form extends z.ZodType>(
  url: string,
  headers: Readonly<Record<string, string>>,
  form: Form,
): Promise<z.output<Form>> {
  const response = await fetch(url, {
    headers: { accept: 'application/json', ...headers },
    // It would carry the token away.
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`it answers ${response.status}`);
  const text = await response.text();
  if (text.length > limitBytes) throw new Error('its answer is too long');
  const read = form.safeParse(JSON.parse(text));
  if (!read.success) throw new Error('its answer cannot be read');
  return read.data;
}
