import { describe, expect, it } from 'vitest';
import { aimOf, effectOf, fits } from '#core/alerts/aim.ts';
import { AlertSettings } from '#core/settings/alerts.ts';

describe('a pattern of a rule', () => {
  it.each([
    ['shop', 'shop', true],
    ['shop', 'shops', false],
    ['shop*', 'shop', true],
    ['shop*', 'shop-web-1', true],
    ['*-web', 'shop-web', true],
    ['*-web', 'shop-web-1', false],
    ['sh*-*b', 'shop-web', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a*b*a', 'aba', true],
    ['a*b*a', 'aa', false],
    ['*', '', true],
    ['**', 'x', true],
    ['s.op', 'shop', false],
  ])('%j fits %j: %s', (pattern, value, expected) => {
    expect(fits(pattern, value)).toBe(expected);
  });

  it('is quick on what is made to be slow', () => {
    const began = performance.now();
    expect(fits(`${'*a'.repeat(95)}*b`, 'a'.repeat(200))).toBe(false);
    expect(performance.now() - began).toBeLessThan(100);
  });
});

describe('what an alert is about', () => {
  const paths: Readonly<Record<string, readonly string[]>> = {
    shop: ['staging', 'production'],
    api: ['staging'],
  };
  const lookup = { path: (service: string) => paths[service] ?? [] };
  const settings = (over: object) => AlertSettings.parse({ channel: 'on-call', ...over });
  const about = (labels: Record<string, string>, over: object = {}) => {
    const aim = aimOf(labels, settings(over), lookup);
    return aim === null ? null : `${aim.service}/${aim.environment}`;
  };
  const rules = [
    { match: { job: 'a', env: 'p' }, service: 'shop', environment: 'production' },
    { match: { job: 'a' }, service: 'shop', environment: 'staging' },
    { match: { job: 'b' }, service: 'api' },
  ];

  it.each([
    [{ service: 'shop' }, {}, 'shop/production'],
    [{ service: 'api' }, {}, 'api/staging'],
    [{ service: 'shop', environment: 'staging' }, {}, 'shop/staging'],
    [{ service: 'shop', environment: 'elsewhere' }, {}, null],
    [{ service: 'shop' }, { environment: 'staging' }, 'shop/staging'],
    [{ service: 'api' }, { environment: 'production' }, null],
    [
      { app: 'shop', env: 'staging' },
      { serviceLabel: 'app', environmentLabel: 'env' },
      'shop/staging',
    ],
    [{ app: 'shop' }, {}, null],
    [{ job: 'a', env: 'p' }, { rules }, 'shop/production'],
    [{ job: 'a' }, { rules }, 'shop/staging'],
    [{ job: 'b', service: 'shop' }, { rules }, 'api/staging'],
    [{ job: 'c', service: 'shop' }, { rules }, 'shop/production'],
    [{}, { rules }, null],
  ])('%j with %j: %s', (labels, over, expected) => {
    expect(about(labels, over)).toBe(expected);
  });

  it('does to a release what its severity says, and only notes what it does not know', () => {
    const told = ['critical', 'page', 'warning', '', 'constructor', '__proto__'].map((severity) =>
      effectOf(severity, settings({})),
    );
    expect(told).toEqual(['pause', 'pause', 'note', 'note', 'note', 'note']);
  });
});
