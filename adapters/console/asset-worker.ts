import { parentPort } from 'node:worker_threads';
import { buildAssets } from './asset-build.ts';

parentPort?.postMessage(buildAssets());
