import fc from 'fast-check';

/** Any code point but halves of pairs: as fast-check's `binary`, which takes a second to make. */
const codePoint = fc
  .integer({ min: 0, max: 0x10f7ff })
  .map((number) => String.fromCodePoint(number < 0xd800 ? number : number + 0x800));

/** Text of whatever Unicode has. */
export const anyText = fc.string({ unit: codePoint });
