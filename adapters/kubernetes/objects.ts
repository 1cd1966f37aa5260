import { z } from 'zod';

// What is read of the objects of Kubernetes. Members that are not named here are dropped at the edge.

const Texts = z.record(z.string(), z.string()).default({});

const Owner = z.object({ kind: z.string(), name: z.string(), uid: z.string() });

const Managed = z.object({
  manager: z.string().default(''),
  operation: z.string().default(''),
  subresource: z.string().default(''),
  time: z.string().default(''),
  fieldsV1: z.json().optional(),
});

export const Meta = z.object({
  name: z.string(),
  namespace: z.string().default(''),
  uid: z.string(),
  resourceVersion: z.string(),
  generation: z.number().default(0),
  creationTimestamp: z.string().default(''),
  deletionTimestamp: z.string().optional(),
  annotations: Texts,
  labels: Texts,
  ownerReferences: z.array(Owner).default([]),
  managedFields: z.array(Managed).default([]),
});
export type Meta = z.infer<typeof Meta>;

const Condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
  observedGeneration: z.number().default(0),
});

const Container = z.looseObject({ name: z.string(), image: z.string().default('') });

const PodTemplate = z.looseObject({
  metadata: z.looseObject({ labels: Texts, annotations: Texts }).prefault({}),
  spec: z.looseObject({
    containers: z.array(Container),
    initContainers: z.array(Container).optional(),
  }),
});
export type PodTemplate = z.infer<typeof PodTemplate>;

export const Deployment = z.object({
  metadata: Meta,
  spec: z.object({
    replicas: z.number().default(1),
    paused: z.boolean().default(false),
    selector: z.object({ matchLabels: Texts }),
    template: PodTemplate,
  }),
  status: z
    .object({
      observedGeneration: z.number().default(0),
      replicas: z.number().default(0),
      updatedReplicas: z.number().default(0),
      readyReplicas: z.number().default(0),
      availableReplicas: z.number().default(0),
      conditions: z.array(Condition).default([]),
    })
    .prefault({}),
});
export type Deployment = z.infer<typeof Deployment>;

const ContainerStatus = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  restartCount: z.number().default(0),
  imageID: z.string().default(''),
  state: z
    .object({
      waiting: z.object({ reason: z.string().default(''), message: z.string().default('') }),
      terminated: z.object({
        reason: z.string().default(''),
        message: z.string().default(''),
        exitCode: z.number().default(0),
      }),
    })
    .partial()
    .default({}),
  lastState: z
    .object({
      terminated: z.object({
        reason: z.string().default(''),
        message: z.string().default(''),
        exitCode: z.number().default(0),
      }),
    })
    .partial()
    .default({}),
});

export const Pod = z.object({
  metadata: Meta,
  spec: z.object({
    containers: z.array(Container),
    readinessGates: z.array(z.object({ conditionType: z.string() })).default([]),
  }),
  status: z
    .object({
      phase: z.string().default('Pending'),
      reason: z.string().default(''),
      message: z.string().default(''),
      conditions: z.array(Condition).default([]),
      containerStatuses: z.array(ContainerStatus).default([]),
      initContainerStatuses: z.array(ContainerStatus).default([]),
    })
    .prefault({}),
});
export type Pod = z.infer<typeof Pod>;

export const Service = z.object({
  metadata: Meta,
  spec: z.looseObject({ selector: Texts }),
});
export type Service = z.infer<typeof Service>;

const ParentRef = z.object({
  kind: z.string().default('Gateway'),
  name: z.string(),
  namespace: z.string().optional(),
  sectionName: z.string().optional(),
  port: z.number().optional(),
});

export const HttpRoute = z.object({
  metadata: Meta,
  spec: z.object({
    parentRefs: z.array(ParentRef).default([]),
    rules: z
      .array(
        z.object({
          name: z.string().optional(),
          backendRefs: z
            .array(
              z.object({
                kind: z.string().default('Service'),
                name: z.string(),
                weight: z.number().default(1),
              }),
            )
            .default([]),
        }),
      )
      .default([]),
  }),
  status: z
    .object({
      parents: z
        .array(
          z.object({
            parentRef: ParentRef,
            controllerName: z.string().default(''),
            conditions: z.array(Condition).default([]),
          }),
        )
        .default([]),
    })
    .prefault({}),
});
export type HttpRoute = z.infer<typeof HttpRoute>;

export const Autoscaler = z.object({
  metadata: Meta,
  spec: z.object({
    scaleTargetRef: z.object({ kind: z.string(), name: z.string() }),
    minReplicas: z.number().default(1),
    maxReplicas: z.number(),
  }),
});
export type Autoscaler = z.infer<typeof Autoscaler>;

export const Job = z.object({
  metadata: Meta,
  status: z
    .object({ active: z.number().default(0), conditions: z.array(Condition).default([]) })
    .prefault({}),
});
export type Job = z.infer<typeof Job>;

export const Named = z.object({ metadata: Meta });

/** A list of one kind; `Members` is the schema of one. */
export function listOf<Members extends z.ZodType>(members: Members) {
  return z.object({
    metadata: z.object({ resourceVersion: z.string(), continue: z.string().default('') }),
    items: z.array(members).nullable(),
  });
}

/** Whether a condition of that type is true. */
export function isTrue(
  conditions: readonly { readonly type: string; readonly status: string }[],
  type: string,
): boolean {
  return conditions.some((one) => one.type === type && one.status === 'True');
}
