export { createGit } from './change-source.ts';
export { GitHost } from './options.ts';
