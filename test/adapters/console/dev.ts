import { createStory } from './town/story.ts';
import { tell } from './town/tell.ts';
import { createTown, createTownClock } from './town/town.ts';
import { createTownGateway } from './town/town-gateway.ts';
import { createTownReader } from './town/town-reader.ts';

/** By hand: `node test/adapters/console/dev.ts` serves an imagined company to look at. */
const clock = createTownClock(Date.now() - 86_400_000);
const town = createTown(clock, {
  port: Number(process.env['PORT'] ?? 7790),
  stateDirectory: '.signalbox',
});
const story = createStory(town);
await town.console.start(createTownGateway(town, story), createTownReader(town));
console.log(town.console.url());
const { live } = await tell(town, story);
if (process.env['LIVE'] === '1') {
  setInterval(() => void story.look(live), 3000);
}
