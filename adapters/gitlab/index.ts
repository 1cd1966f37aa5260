export { createGitLab } from './change-source.ts';
export { GitLabHost } from './options.ts';
