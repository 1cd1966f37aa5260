import { createHurriedSandbox } from './bench.ts';

// A process that uses a sandbox until it is killed: node client-process.ts <directory> <linger ms>.
const [directory = '', lingerMs = '0'] = process.argv.slice(2);
const ref = { target: 'here', service: 'shop', environment: 'production' };
const sandbox = createHurriedSandbox(directory, { lingerMs: Number(lingerMs), places: [ref] });
await sandbox.target.inspect(ref);
process.stdout.write('up\n');
setInterval(() => {
  // Until killed.
}, 1000);
