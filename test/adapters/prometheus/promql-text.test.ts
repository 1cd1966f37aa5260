import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationOf, fillPromql, literal, patternOf } from '#adapters/prometheus/promql-text.ts';
import { anyText } from '../../any-text.ts';

const service = { kind: 'text', value: 'shop' } as const;
const version = { kind: 'text', value: 'v1.2+build' } as const;
const window = { kind: 'duration', seconds: 15 } as const;
const known = { service, version, window };

describe('placeholders', () => {
  it.each([
    ['x{a="{{service}}"}', 'x{a="shop"}'],
    ['x{a={{service}}}', 'x{a="shop"}'],
    ["x{a='{{ service }}-canary'}", "x{a='shop-canary'}"],
    ['x{v={{version}}}', 'x{v="v1.2+build"}'],
    ['x{v=~{{version}}}', String.raw`x{v=~"v1\\.2\\+build"}`],
    ['x{v!~ "{{version}}-.*"}', String.raw`x{v!~ "v1\\.2\\+build-.*"}`],
    ['x{v=~"a.*",w="{{version}}"}', 'x{v=~"a.*",w="v1.2+build"}'],
    ['sum(x[{{window}}]) # of {{nobody}}', 'sum(x[15s])'],
    [String.raw`x{a="\"{{service}}"}`, String.raw`x{a="\"shop"}`],
    ['x{a="#{{service}}"}', 'x{a="#shop"}'],
    ['x{a=`{service}`}', 'x{a=`{service}`}'],
  ])('%s', (query, text) => {
    expect(fillPromql(query, known)).toEqual({ ok: true, text });
  });

  it.each([
    ['x{a="{{servce}}"}', /no \{\{servce\}\}.*\{\{service\}\}/],
    ['x{a="{{window}}"}', /duration: it cannot stand in a text/],
    ['x{a=`{{service}}`}', /backticks/],
    ['x{a="{{service}}', /never closed/],
    ['x{{{constructor}}}', /no \{\{constructor\}\}/],
  ])('refuses %s', (query, because) => {
    const filled = fillPromql(query, known);
    expect(filled).toMatchObject({ ok: false, because: expect.stringMatching(because) });
  });

  it('keep whatever they hold within one literal', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        const filled = fillPromql('x{a="{{it}}",b={{it}}}', { it: { kind: 'text', value } });
        const text = filled.ok ? filled.text : '';
        const one = literal(value);
        expect(text).toBe(`x{a=${one},b=${one}}`);
        // A literal ends where its first quote without a backslash stands: at its end.
        expect(one).toMatch(/^"(?:\\.|[^"\\\n])*"$/su);
        expect(unescaped(one)).toBe(value.toWellFormed());
      }),
    );
  });

  it('match themselves alone where a pattern stands', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, other) => {
        const pattern = new RegExp(`^(?:${patternOf(value)})$`, 's');
        expect(pattern.test(value)).toBe(true);
        expect(pattern.test(other)).toBe(value === other);
      }),
    );
  });
});

it.each([
  [15, '15s'],
  [0.5, '500ms'],
  [90, '90s'],
  [0, '1ms'],
])('writes %d seconds as %s', (seconds, text) => {
  expect(durationOf(seconds)).toBe(text);
});

/** What a reader of PromQL makes of a literal, for the escapes that we write. */
function unescaped(one: string): string {
  return one
    .slice(1, -1)
    .replace(/\\u([0-9a-f]{4})|\\(.)/gsu, (_, code: string | undefined, sign: string) =>
      code === undefined ? sign : String.fromCodePoint(Number.parseInt(code, 16)),
    );
}
