import { redactText } from '#core/redact-text.ts';
import type { TargetProblem } from '#ports/delivery-target.ts';
import { digestOf } from './artifact-images.ts';
import type { Deployment, Job, Pod } from './objects.ts';

type Waiting = Readonly<Record<string, TargetProblem['code']>>;

/** What the kubelet says while a container waits, and what it means for a release. */
const waiting: Waiting = {
  ErrImagePull: 'image_pull',
  ImagePullBackOff: 'image_pull',
  InvalidImageName: 'image_pull',
  ErrImageNeverPull: 'image_pull',
  ImageInspectError: 'image_pull',
  RegistryUnavailable: 'image_pull',
  CrashLoopBackOff: 'crash_loop',
  RunContainerError: 'crash_loop',
  CreateContainerError: 'other',
  CreateContainerConfigError: 'missing_reference',
};

/** The text of a problem is at most so long. */
const most = 500;

/** A crash of a container, of which the last words may be asked. */
export interface Crash {
  readonly pod: string;
  readonly container: string;
}

/** A problem, and where it crashed. */
export interface SeenProblem extends TargetProblem {
  readonly crash: Crash | null;
}

/** What is wrong with the pods that run one of `digests`; each thing is said once. */
export function podProblems(
  pods: readonly Pod[],
  digests: readonly string[],
  container: string,
): readonly SeenProblem[] {
  const concerned = pods.filter(({ spec }) =>
    spec.containers.some(
      ({ name, image }) => name === container && digests.includes(digestOf(image) ?? ''),
    ),
  );
  return distinct(concerned.flatMap((pod) => [...scheduling(pod), ...containers(pod)]));
}

/** What the controller says of a Deployment: no pods may be made, or it has given up. */
export function deploymentProblems(deployment: Deployment | null): readonly SeenProblem[] {
  return (deployment?.status.conditions ?? []).flatMap(({ type, status, reason, message }) => {
    if (type === 'ReplicaFailure' && status === 'True') {
      const code = /exceeded quota/i.test(message) ? 'quota' : 'other';
      return [problem(code, message || reason)];
    }
    if (type === 'Progressing' && status === 'False' && reason === 'ProgressDeadlineExceeded') {
      return [problem('deadline', message)];
    }
    return [];
  });
}

/** What a failed Job says. */
export function jobProblems(jobs: readonly (readonly [string, Job])[]): readonly SeenProblem[] {
  return jobs.flatMap(([name, { status }]) =>
    status.conditions
      .filter(({ type, status: is }) => type === 'Failed' && is === 'True')
      .map(({ reason, message }) => problem('job_failed', `${name}: ${message || reason}`)),
  );
}

export function problem(
  code: TargetProblem['code'],
  text: string,
  crash: Crash | null = null,
): SeenProblem {
  // What a cluster says ends in chat and in the history, where nothing can be taken back.
  return { code, text: redactText(text).slice(0, most), crash };
}

function scheduling({ status }: Pod): readonly SeenProblem[] {
  return status.conditions
    .filter(
      ({ type, status: is, reason }) =>
        type === 'PodScheduled' && is === 'False' && reason === 'Unschedulable',
    )
    .map(({ message }) => problem('unschedulable', message));
}

function containers({ metadata, status }: Pod): readonly SeenProblem[] {
  return [...status.initContainerStatuses, ...status.containerStatuses].flatMap((one) => {
    const reason = one.state.waiting?.reason ?? '';
    const code = waiting[reason];
    if (code === undefined) return [];
    const ended = one.lastState.terminated;
    const how = ended === undefined ? '' : ` (${ended.reason}, exit code ${ended.exitCode})`;
    const words = [one.state.waiting?.message, ended?.message].filter(Boolean).join('; ');
    const crash = code === 'crash_loop' ? { pod: metadata.name, container: one.name } : null;
    return [
      problem(code, `${one.name}: ${reason}${how}${words === '' ? '' : `: ${words}`}`, crash),
    ];
  });
}

/** Pods of one Deployment fail alike: the same reason is told once, and at most three in all. */
function distinct(problems: readonly SeenProblem[]): readonly SeenProblem[] {
  const seen = new Map<string, SeenProblem>();
  for (const one of problems) {
    const key = `${one.code}:${one.crash?.container ?? one.text}`;
    if (!seen.has(key)) seen.set(key, one);
  }
  return [...seen.values()].slice(0, 3);
}
