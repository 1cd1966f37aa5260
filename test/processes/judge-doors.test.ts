import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { layDatabase } from '../adapters/pglite/temporary-pglite.ts';
import { run } from './signalbox.ts';

const template = `
kind: AnalysisTemplate
metadata: { name: web }
spec:
  metrics:
    - name: success-rate
      interval: 1m
      failureLimit: 3
      successCondition: result[0] >= 0.95
      provider:
        prometheus:
          query: sum(rate(http_requests_total{code!~"5.."}[1m]))
`;

describe('the doors of the judge, as processes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-judge-'));
  const place = { folder, env: {} };
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('refuse what nothing is stored of, with a code', { timeout: 60_000 }, async () => {
    await layDatabase(join(folder, '.signalbox'));
    const words = ['backtest', 'shop', '--last', '5', '--set', 'floor.relative=0.05'];
    const { code, out, err } = await run(place, 'judge', ...words);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/\njudge\.no_samples\n$/);
  });

  it('read an analysis of another tool', { timeout: 30_000 }, async () => {
    writeFileSync(join(folder, 'argo.yaml'), template);
    const { code, out } = await run(place, 'judge', 'import', 'argo', 'argo.yaml');
    expect(code).toBe(0);
    expect(JSON.stringify(parse(out))).toContain('success-rate');
  });

  it('say how they are used', { timeout: 30_000 }, async () => {
    const { code, err } = await run(place, 'judge', 'replay');
    expect(code).toBe(1);
    expect(err).toContain('judge backtest SERVICE');
  });
});
