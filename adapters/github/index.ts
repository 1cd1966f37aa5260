export { createGitHub } from './change-source.ts';
export { GitHubHost } from './options.ts';
