/**
 * Builds the programs that the tests on Kubernetes take, where they are not there yet, so that no
 * test waits for it: `node test/kubernetes/build-tools.ts`.
 */
import { requireKubernetes } from './tools.ts';

requireKubernetes();
