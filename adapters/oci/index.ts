export { createOciAnchor } from './anchor.ts';
export { createOciRegistry } from './artifact-registry.ts';
export { OciAnchor, OciRegistry } from './options.ts';
