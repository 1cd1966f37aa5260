import { describe, expect, it } from 'vitest';
import { seededChance } from '#adapters/sandbox/instance/chance.ts';
import { createSplit, isWithin } from '#adapters/sandbox/split.ts';
import { createSplitter, weightInForce } from '#adapters/sandbox/weight.ts';

describe('the weight in force', () => {
  const full = { wanted: 2, ready: 2 };
  const half = { wanted: 2, ready: 1 };
  const none = { wanted: 2, ready: 0 };
  const calm = { desired: 0, present: 0, stable: full, candidate: full, promoting: false };
  it.each([
    ['is 0 without a candidate', { desired: 0, present: 40, candidate: null }, 0],
    ['rises when the candidate is whole', { desired: 25, present: 10 }, 25],
    ['waits for the whole candidate', { desired: 25, present: 10, candidate: half }, 10],
    ['goes when no candidate is left', { desired: 25, present: 25, candidate: none }, 0],
    ['stays when one candidate of two is lost', { desired: 25, present: 25, candidate: half }, 25],
    ['goes back as soon as stable can serve', { desired: 0, present: 25, stable: half }, 0],
    ['stays while stable cannot serve', { desired: 0, present: 25, stable: none }, 25],
    [
      'waits at a promotion for all of the new stable',
      { desired: 0, present: 75, stable: half, promoting: true },
      75,
    ],
    ['ends a promotion', { desired: 0, present: 75, promoting: true }, 0],
    ['has nobody to wait for at a first release', { desired: 0, present: 9, stable: null }, 0],
  ])('%s', (_name, question, expected) => {
    expect(weightInForce({ ...calm, ...question })).toBe(expected);
  });

  it.each([0, 1, 10, 33, 50, 99, 100])('splits %i %% evenly at every moment', (weight) => {
    const splitter = createSplitter();
    let candidates = 0;
    for (let request = 1; request <= 1000; request += 1) {
      if (splitter.candidateIsNext(weight)) candidates += 1;
      expect(Math.abs(candidates - (request * weight) / 100)).toBeLessThanOrEqual(0.5);
    }
  });
});

describe('the proof of a weight', () => {
  it('is pending until enough was seen, and then measured', () => {
    const split = createSplit(50, 10_000, 0);
    for (let request = 0; request < 49; request += 1) split.note(request % 4 === 0);
    expect(split.proof(25, 1000)).toBe('pending');
    split.note(false);
    expect(split.proof(25, 1000)).toBe('measured');
  });

  it('believes the router when there is too little traffic to see', () => {
    const split = createSplit(50, 10_000, 0);
    expect([split.proof(25, 9999), split.proof(25, 10_000)]).toEqual(['pending', 'accepted']);
  });

  it('doubts a split that is another, however long it lasts', () => {
    const split = createSplit(50, 10_000, 0);
    for (let request = 0; request < 700; request += 1) split.note(request % 2 === 0);
    expect(split.proof(25, 60_000)).toBe('pending');
  });

  it('forgets what it saw under another weight', () => {
    const split = createSplit(50, 10_000, 0);
    for (let request = 0; request < 500; request += 1) split.note(true);
    split.reset(5000);
    for (let request = 0; request < 50; request += 1) split.note(false);
    expect(split.proof(0, 6000)).toBe('measured');
  });

  it('looks at the last 500 requests', () => {
    const split = createSplit(50, 10_000, 0);
    for (let request = 0; request < 500; request += 1) split.note(true);
    for (let request = 0; request < 500; request += 1) split.note(request % 10 === 0);
    expect(split.proof(10, 0)).toBe('measured');
  });

  it('hardly ever doubts a true weight that is left to chance', () => {
    const chance = seededChance(7);
    let doubted = 0;
    for (let window = 0; window < 2000; window += 1) {
      let seen = 0;
      for (let request = 0; request < 200; request += 1) seen += chance.next() < 0.1 ? 1 : 0;
      if (!isWithin(seen, 200, 0.1)) doubted += 1;
    }
    expect(doubted).toBeLessThan(10);
  });
});
