import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifySignature } from '#adapters/system/signer.ts';
import {
  formatVerifierKey,
  isSignedBy,
  type NoteKey,
  parseNote,
  parseVerifierKey,
  signNote,
} from '#core/ledger/note.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** The example of Go's note package, which the C2SP specification was written from. */
const goKey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const goNote =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n" +
  '\n' +
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

function key(text: string): NoteKey {
  const parsed = parseVerifierKey(sha256, text);
  if (parsed === null) throw new Error('not a key');
  return parsed;
}

function accepted(note: string, by: NoteKey): boolean {
  const parsed = parseNote(note);
  return parsed !== null && isSignedBy(sha256, verifySignature, parsed, by);
}

describe('a signed note', () => {
  it('by somebody else is read and believed', () => {
    expect(accepted(goNote, key(goKey))).toBe(true);
    expect(parseNote(goNote)?.text).toBe(`${goNote.split('\n\n')[0]}\n`);
    expect(formatVerifierKey(sha256, key(goKey))).toBe(goKey);
  });

  it.each([
    ['a changed text', goNote.replace('answer', 'Answer')],
    ['a signature under another name', goNote.replace('PeterNeumann', 'Peter')],
    ['no signature', goNote.slice(0, goNote.indexOf('\u2014'))],
    ['no newline at the end', goNote.slice(0, -1)],
    ['a line that is no signature', `${goNote}hello\n`],
    ['a control character', goNote.replace(' ', '\t')],
    ['nothing', ''],
  ])('with %s is not', (_, note) => {
    expect(accepted(note, key(goKey))).toBe(false);
  });

  it('with a second signature of somebody unknown is', () => {
    const other = signNote(
      sha256,
      'x\n',
      { name: 'other', publicKey: new Uint8Array(32) },
      () => new Uint8Array(64),
    );
    expect(accepted(goNote + other.slice(other.indexOf('\u2014')), key(goKey))).toBe(true);
  });

  it.each([
    ['another id', goKey.replace('c74f20a3', 'c74f20a4')],
    ['another name', goKey.replace('Peter', 'Pete')],
    ['a short key', `${goKey.slice(0, -4)}`],
    ['no parts', 'PeterNeumann'],
  ])('has no key with %s', (_, text) => {
    expect(parseVerifierKey(sha256, text)).toBeNull();
  });
});
