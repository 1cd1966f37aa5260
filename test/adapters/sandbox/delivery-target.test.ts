import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliveryTargetContract } from '../../contracts/delivery-target.ts';
import {
  createHurriedSandbox,
  freshDirectory,
  type HurriedSandbox,
  sleep,
  until,
  version,
} from './bench.ts';

let directory: Awaited<ReturnType<typeof freshDirectory>>;
let sandbox: HurriedSandbox;
let places = 0;

beforeAll(async () => {
  directory = await freshDirectory();
  sandbox = createHurriedSandbox(directory.path, { requestsPerSecond: 60 });
});
afterAll(async () => {
  await sandbox.close();
  await directory[Symbol.asyncDispose]();
});

function freshPlace() {
  places += 1;
  return { target: 'here', service: 'shop', environment: `place-${places}` };
}

deliveryTargetContract('sandbox', async () => {
  const ref = freshPlace();
  return {
    target: sandbox.target,
    ref,
    first: await version(sandbox, 'v1'),
    second: await version(sandbox, 'v2'),
    third: await version(sandbox, 'v3'),
    broken: await version(sandbox, 'v5'),
    job: 'migrate',
    pass: () => sleep(20),
    close: () => sandbox.rest(ref),
  };
});

const stamp = { rollout: 'shop-1', planHash: 'p1', step: 0, fence: 1 };

describe('what the sandbox says of versions that do not come up', () => {
  it.each([
    ['v4', 'crash_loop', /^v4 ended by itself \d+ times: exit code 1; last words: .*PAYMENTS_URL/],
    ['v5', 'never_ready', /^v5 has not become ready in 1 s: .*database/],
  ])('%s: %s, with its last words', async (name, code, text) => {
    const ref = freshPlace();
    const { identity } = await sandbox.target.inspect(ref);
    const artifact = await version(sandbox, name);
    const change = { kind: 'prepare', artifact, capacityPercent: 50 } as const;
    await sandbox.target.change(ref, change, stamp, identity);
    const status = await until(
      'a problem',
      () => sandbox.target.inspect(ref),
      ({ problems, stable }) =>
        stable?.ready === 1 &&
        problems.some((problem) => problem.code === code && text.test(problem.text)),
    );
    expect(status).toMatchObject({ weight: 0, candidate: { ready: 0 }, stable: { ready: 1 } });
    await sandbox.rest(ref);
  });

  it('a job that fails, with what it said', async () => {
    const ref = freshPlace();
    const { identity } = await sandbox.target.inspect(ref);
    const artifact = await version(sandbox, 'v6');
    await sandbox.target.change(ref, { kind: 'run', job: 'migrate', artifact }, stamp, identity);
    const status = await until(
      'ended',
      () => sandbox.target.inspect(ref),
      (it) => it.jobs['migrate'] === 'failed',
    );
    expect(status.problems).toMatchObject([
      { code: 'job_failed', text: expect.stringContaining('relation "orders" does not exist') },
    ]);
    await sandbox.rest(ref);
  });

  it('bits that it never had', async () => {
    const ref = freshPlace();
    const { identity } = await sandbox.target.inspect(ref);
    const artifact = { service: 'shop', version: 'v99', digest: `sha256:${'9'.repeat(64)}` };
    const change = { kind: 'replace', artifact } as const;
    await expect(sandbox.target.change(ref, change, stamp, identity)).rejects.toMatchObject({
      code: 'target.rejected',
    });
    await sandbox.rest(ref);
  });

  it('a target that is not in the settings', async () => {
    const ref = { target: 'elsewhere', service: 'shop', environment: 'production' };
    await expect(sandbox.target.inspect(ref)).rejects.toMatchObject({ code: 'target.rejected' });
  });
});
