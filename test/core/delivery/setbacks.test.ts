import { describe, expect, it } from 'vitest';
import { setbackOf } from '#core/delivery/back-off.ts';
import { afterFault, afterSuccess, closedCircuit } from '#core/delivery/circuit.ts';
import type { FaultCode } from '#core/fault.ts';

describe('what follows a fault', () => {
  it.each<[FaultCode, number, object]>([
    ['chat.rate_limited', 0, { kind: 'frozen' }],
    ['chat.gone', 4, { kind: 'retry', at: 0, why: 'gone' }],
    ['chat.ambiguous', 0, { kind: 'retry', at: 1_000, why: 'ambiguous' }],
    ['chat.unavailable', 3, { kind: 'retry', at: 8_000, why: 'failed' }],
    ['chat.unavailable', 99, { kind: 'retry', at: 60_000, why: 'failed' }],
    ['chat.not_allowed', 0, { kind: 'retry', at: 8_000, why: 'failed' }],
    ['chat.not_allowed', 99, { kind: 'retry', at: 300_000, why: 'failed' }],
    ['store.unavailable', 0, { kind: 'retry', at: 1_000, why: 'failed' }],
  ])('%s after %d failures', (code, failures, expected) => {
    expect(setbackOf(code, failures, 0, 0)).toEqual(expected);
  });

  it('shortens a pause by up to a half, so that retries do not march in step', () => {
    expect(setbackOf('chat.unavailable', 0, 1, 0)).toMatchObject({ at: 500 });
  });
});

describe('the circuit of a platform', () => {
  it('opens for ever longer while the credentials do not count', () => {
    let circuit = closedCircuit;
    const pauses: number[] = [];
    let now = 0;
    for (let time = 0; time < 6; time += 1) {
      circuit = afterFault(circuit, 'chat.auth_lost', now);
      pauses.push((circuit.openUntil - now) / 1000);
      now = circuit.openUntil;
    }
    expect(pauses).toEqual([30, 60, 120, 240, 480, 600]);
    const closed = afterFault(afterSuccess(circuit), 'chat.auth_lost', now + 600_000);
    expect(closed.openUntil - (now + 600_000)).toBe(30_000);
  });

  it('takes several calls that fail together as one loss', () => {
    const once = afterFault(closedCircuit, 'chat.auth_lost', 0);
    expect(afterFault(once, 'chat.auth_lost', 10).openUntil).toBe(once.openUntil);
  });

  it('opens before refused requests lead to a ban, and counts anew in each window', () => {
    let circuit = closedCircuit;
    for (let time = 0; time < 999; time += 1)
      circuit = afterFault(circuit, 'chat.not_allowed', 1000);
    expect(circuit.openUntil).toBe(0);
    expect(afterFault(circuit, 'chat.rate_limited', 2000).openUntil).toBeGreaterThan(590_000);
    expect(afterFault(circuit, 'chat.rate_limited', 700_000).openUntil).toBe(0);
  });

  it('does not mind what is nobody’s refusal', () => {
    expect(afterFault(closedCircuit, 'chat.unavailable', 5)).toEqual(closedCircuit);
  });
});
