import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '#core/ledger/base64.ts';
import { fromHex, joinBytes, sameBytes, toHex } from '#core/ledger/bytes.ts';
import { utf8 } from '#core/ledger/utf8.ts';
import { anyText } from '../../any-text.ts';

const bytes = fc.uint8Array({ maxLength: 80 });

describe('encodings', () => {
  it('are those of the platform', () => {
    fc.assert(
      fc.property(bytes, anyText, fc.string({ unit: 'grapheme' }), (data, a, b) => {
        expect(toBase64(data)).toBe(Buffer.from(data).toString('base64'));
        expect(fromBase64(toBase64(data))).toEqual(data);
        expect(toHex(data)).toBe(Buffer.from(data).toString('hex'));
        expect(fromHex(toHex(data))).toEqual(data);
        for (const text of [a, b, `${a}\ud800`, '\udc00\ud83d\ude00']) {
          expect(Buffer.from(utf8(text)).equals(new TextEncoder().encode(text))).toBe(true);
        }
        expect(Buffer.from(joinBytes(data, data)).equals(Buffer.concat([data, data]))).toBe(true);
      }),
    );
  });

  it.each(['A', 'AA', 'AAA', 'AB==', 'AAB=', 'AA=A', 'AA==AA==', 'AA\n=', 'A-_='])(
    '%j is no base64',
    (text) => {
      expect(fromBase64(text)).toBeNull();
    },
  );

  it.each(['0', '0g', '0x00', ' 00'])('%j is no hex', (text) => {
    expect(fromHex(text)).toBeNull();
  });

  it('tells bytes apart', () => {
    expect(sameBytes(new Uint8Array([1, 2]), new Uint8Array([1, 2]))).toBe(true);
    expect(sameBytes(new Uint8Array([1, 2]), new Uint8Array([1, 3]))).toBe(false);
    expect(sameBytes(new Uint8Array([1, 2]), new Uint8Array([1]))).toBe(false);
  });
});
