export { createOciRegistry } from './artifact-registry.ts';
export { OciRegistry } from './options.ts';
