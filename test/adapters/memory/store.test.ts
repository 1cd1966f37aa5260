import { createMemoryStore } from '#adapters/memory/store.ts';
import { storeContract } from '../../contracts/store.ts';

storeContract('memory', async () => {
  let time = 1_000_000;
  const opened = createMemoryStore({ clock: { now: () => (time += 1) } });
  return { ...opened, close: () => opened.store.close() };
});
