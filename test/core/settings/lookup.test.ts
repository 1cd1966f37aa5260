import { expect, it } from 'vitest';
import { checkSettings } from '#core/settings/check-settings.ts';
import { createLookup, environmentOrder } from '#core/settings/lookup.ts';
import { registries, soundSettings } from './imagined.ts';
import { spoilt } from './spoilt.ts';

function lookupOf(given: unknown) {
  const checked = checkSettings(given, registries);
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return { lookup: createLookup(checked.settings, (text) => text), settings: checked.settings };
}

const { lookup } = lookupOf(soundSettings());
const before = lookup.policyDigest('shop', 'production');

it.each([
  ['a larger quorum', { 'environments/production/gates/2/options/quorum': 3 }],
  ['a smaller quorum', { 'environments/production/gates/2/options/quorum': 1 }],
  ['a gate less', { 'environments/production/gates/1': { gate: 'freeze' } }],
  ['a shorter soak', { 'environments/production/gates/1/options/for': '1m' }],
  ['no automatic rollback', { 'environments/production/autoRollback': false }],
  ['another strategy', { 'services/shop/environments/production/strategy': 'at-once' }],
  ['another stage', { 'strategies/careful/options/stages': [{ weight: 50, for: '5m' }] }],
  ['another wave', { 'services/shop/environments/production/waves': [['west']] }],
  ['another target behind the name', { 'targets/west/options/cells': 4 }],
  ['a looser metric', { 'analyses/web/metrics/0/critical': false }],
  ['another freeze', { 'freezes/weekend/from/time': '18:00' }],
  ['somebody else who may approve', { 'roles/approver/from/0/channel': 'C2' }],
  ['another account of somebody listed', { 'people/ada/accounts/0/user': 'U2' }],
  ['another repository', { 'services/shop/repository': 'elsewhere' }],
])('%s makes another policy', (_, changes) => {
  expect(lookupOf(spoilt(changes)).lookup.policyDigest('shop', 'production')).not.toBe(before);
});

it.each([
  ['a description', { 'services/shop/description': 'The shop' }],
  ['an owner', { 'services/shop/owner': 'Ada' }],
  ['another service', { 'services/api/repository': 'elsewhere' }],
  ['another environment', { 'environments/staging/deadline': '1h' }],
  [
    'a role of elsewhere',
    {
      'roles/tester': {
        may: ['view'],
        environments: ['staging'],
        from: [{ kind: 'people', people: ['ada'] }],
      },
    },
  ],
  ['a person', { 'people/grace': { name: 'Grace' } }],
  [
    'the channel',
    { 'channels/other': { console: 'x' }, 'environments/production/channel': 'other' },
  ],
])('%s leaves the policy alone', (_, changes) => {
  expect(lookupOf(spoilt(changes)).lookup.policyDigest('shop', 'production')).toBe(before);
});

it('knows the path of a service', () => {
  expect(lookup.path('shop')).toEqual(['staging', 'production']);
  expect(lookup.path('api')).toEqual(['staging']);
  expect(lookup.path('nothing')).toEqual([]);
  expect(lookup.next('shop', 'staging')).toBe('production');
  expect(lookup.next('shop', 'production')).toBeNull();
  expect(lookup.next('api', 'staging')).toBeNull();
  expect(lookup.previous('shop', 'production')).toBe('staging');
  expect(lookup.previous('shop', 'staging')).toBeNull();
  expect(lookup.previous('api', 'production')).toBeNull();
});

it('applies what a service overrides', () => {
  expect(lookup.place('shop', 'production')).toMatchObject({
    strategy: 'careful',
    analysis: 'web',
  });
  expect(lookup.place('shop', 'staging')).toMatchObject({ strategy: 'at-once', analysis: null });
  expect(lookup.place('api', 'production')).toBeNull();
});

it('orders environments along the path, whatever their names', () => {
  const { settings } = lookupOf(
    spoilt({
      'environments/alpha': { after: 'production', strategy: 'at-once', channel: 'releases' },
    }),
  );
  expect(environmentOrder(settings)).toEqual(['staging', 'production', 'alpha']);
});
