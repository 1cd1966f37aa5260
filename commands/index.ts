export { approve } from './approve.ts';
export { deploy } from './deploy.ts';
export { status } from './status.ts';
