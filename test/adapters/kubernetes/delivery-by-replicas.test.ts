import { describe } from 'vitest';
import { deliveryTargetContract } from '../../contracts/delivery-target.ts';
import { requireKubernetes } from '../../kubernetes/tools.ts';
import { deliveryBench } from './delivery-bench.ts';

describe.skipIf(!requireKubernetes())('on a real API server', () => {
  deliveryTargetContract('kubernetes, by replicas', () => deliveryBench('replicas'));
});
