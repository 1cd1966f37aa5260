export { silentLog } from '../silent.ts';
