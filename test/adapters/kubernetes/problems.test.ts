import { describe, expect, it } from 'vitest';
import { Deployment, Pod } from '#adapters/kubernetes/objects.ts';
import { deploymentProblems, podProblems } from '#adapters/kubernetes/problems.ts';

const digest = `sha256:${'2'.repeat(64)}`;
const meta = { name: 'shop-1', uid: 'u', resourceVersion: '1' };

function pod(status: Readonly<Record<string, unknown>>, image = `shop@${digest}`): Pod {
  return Pod.parse({ metadata: meta, spec: { containers: [{ name: 'app', image }] }, status });
}

function container(state: unknown, lastState: unknown = {}) {
  return { containerStatuses: [{ name: 'app', state, lastState }] };
}

describe('what is wrong with pods', () => {
  it.each([
    ['ErrImagePull', 'image_pull'],
    ['ImagePullBackOff', 'image_pull'],
    ['InvalidImageName', 'image_pull'],
    ['CrashLoopBackOff', 'crash_loop'],
    ['CreateContainerConfigError', 'missing_reference'],
    ['CreateContainerError', 'other'],
  ])('%s is %s', (reason, code) => {
    const seen = podProblems(
      [pod(container({ waiting: { reason, message: 'why' } }))],
      [digest],
      'app',
    );
    expect(seen).toMatchObject([{ code, text: `app: ${reason}: why` }]);
  });

  it('says how a container ended', () => {
    const ended = { terminated: { reason: 'OOMKilled', exitCode: 137, message: '' } };
    const [seen] = podProblems(
      [pod(container({ waiting: { reason: 'CrashLoopBackOff' } }, ended))],
      [digest],
      'app',
    );
    expect(seen).toMatchObject({ text: 'app: CrashLoopBackOff (OOMKilled, exit code 137)' });
    expect(seen?.crash).toEqual({ pod: 'shop-1', container: 'app' });
  });

  it('row 54: shows no secret that a container printed at its end', () => {
    const message = 'panic: DB_PASSWORD=hunter2hunter2 postgres://app:s3cret@db/shop';
    const ended = { terminated: { reason: 'Error', exitCode: 1, message } };
    const [seen] = podProblems(
      [pod(container({ waiting: { reason: 'CrashLoopBackOff' } }, ended))],
      [digest],
      'app',
    );
    expect(seen?.text).toContain('DB_PASSWORD=[redacted]');
    expect(seen?.text).toContain('postgres://app:[redacted]@db/shop');
  });

  it('names the scheduler’s reason', () => {
    const conditions = [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' },
    ];
    expect(podProblems([pod({ conditions })], [digest], 'app')).toMatchObject([
      { code: 'unschedulable', text: '0/3 nodes' },
    ]);
  });

  it('tells each thing once, and nothing of pods that run other bits', () => {
    const crash = container({ waiting: { reason: 'CrashLoopBackOff' } });
    const other = pod(crash, `shop@sha256:${'3'.repeat(64)}`);
    expect(podProblems([pod(crash), pod(crash), other], [digest], 'app')).toHaveLength(1);
    expect(podProblems([other], [digest], 'app')).toEqual([]);
  });

  it.each([
    ['ReplicaFailure', 'True', 'FailedCreate', 'pods is forbidden: exceeded quota: q', 'quota'],
    ['ReplicaFailure', 'True', 'FailedCreate', 'pods is forbidden: violates PodSecurity', 'other'],
    ['Progressing', 'False', 'ProgressDeadlineExceeded', 'has timed out', 'deadline'],
  ])('%s %s %s: %s is %s', (type, status, reason, message, code) => {
    const conditions = [{ type, status, reason, message }];
    const template = { spec: { containers: [] } };
    const deployment = Deployment.parse({
      metadata: meta,
      spec: { selector: {}, template },
      status: { conditions },
    });
    expect(deploymentProblems(deployment)).toMatchObject([{ code, text: message }]);
  });
});
