import { describe, expect, it } from 'vitest';
import type { Deliverable } from '#core/delivery/deliverable.ts';
import { nextCall } from '#core/delivery/next-call.ts';
import { surface } from './a-candidate.ts';

const hour = 3_600_000;
const { channel } = surface('s');
const message = { channel, message: 'm1' };
const card = { channel, message: 'card' };
const person = { tenant: 't', user: 'ada' };
const thread = { ...channel, thread: 'card' };
const sent = { message, anchoredAt: 0, deliveredRevision: 1, deliveredHash: 'old' };

describe('the call that a surface needs', () => {
  it.each<[string, Partial<Deliverable>, object, number]>([
    ['a new one is posted', {}, { kind: 'post', channel, again: false }, 0],
    ['a known one is edited', sent, { kind: 'edit', message }, 0],
    ['the same wording is not sent', { ...sent, deliveredHash: 'new' }, { kind: 'nothing' }, 0],
    [
      'a note goes into its thread',
      { parent: 'p' },
      { kind: 'post', channel: thread, again: false },
      0,
    ],
    ['an unclear post is looked for', { ambiguous: true }, { kind: 'find', channel }, 0],
    [
      'an unclear edit is simply repeated',
      { ...sent, ambiguous: true },
      { kind: 'edit', message },
      0,
    ],
    ['a person is told', { account: person }, { kind: 'tell', account: person, unclear: false }, 0],
    [
      'one that is gone is posted again',
      { deliveredRevision: 3 },
      { kind: 'post', channel, again: true },
      0,
    ],
    ['an old one is still edited before the margin', sent, { kind: 'edit', message }, 49 * 60_000],
    ['an old one is posted anew', sent, { kind: 'reanchor', channel, old: message }, 50 * 60_000],
    [
      'an unclear post anew is looked for',
      { ...sent, ambiguous: true },
      { kind: 'find', channel },
      hour,
    ],
  ])('%s', (_, changes, expected, now) => {
    expect(nextCall(surface('s', changes), card, hour, now)).toEqual(expected);
  });

  it('waits for a thread that does not exist yet', () => {
    expect(nextCall(surface('s', { parent: 'p' }), null, hour, 0)).toEqual({ kind: 'wait' });
  });

  it('edits what hangs in a thread, whether or not the card is known', () => {
    const note = surface('s', { ...sent, parent: 'p' });
    expect(nextCall(note, null, hour, 0)).toEqual({ kind: 'edit', message });
  });

  it('never posts anew where messages may be edited for ever', () => {
    expect(nextCall(surface('s', sent), null, null, 365 * 24 * hour).kind).toBe('edit');
  });
});
