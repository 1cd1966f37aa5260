import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { town } from '../adapters/discord/discord-world.ts';
import { seenMessage as seenInDiscord } from '../peers/discord/seen.ts';
import { seenMessage as seenInSlack } from '../peers/slack/seen.ts';
import { requireServer } from '../servers.ts';
import { type ChatProduct, eventually, openChatProduct } from './chat-product.ts';

const { ada, grace, linus } = town.people;
const installed = requireServer('postgres');

/** Of two of the stories; the third opens its own, and closes it when it is told. */
let byGateway: ChatProduct;
beforeAll(async () => {
  if (installed) byGateway = await openChatProduct('gateway');
}, 60_000);
afterAll(() => byGateway?.close(), 30_000);

/** The picture was drawn by the product and taken by Discord, which looks into pictures. */
async function showsPicture({ cards, discord }: ChatProduct, id: string): Promise<void> {
  const thread = cards().find((one) => seenInDiscord(one).text.includes(id))?.id;
  const inThread = () => discord.state.messages.filter(({ channel }) => channel === thread);
  const pictures = () => inThread().flatMap(({ attachments }) => attachments);
  await eventually(async () => pictures().length > 0);
  expect(pictures().map(({ filename }) => filename)).toEqual(['chart.png']);
  expect(pictures()[0]?.data.length).toBeGreaterThan(5_000);
}

/** The last word arrives: one card per release, and nothing was posted twice. */
async function hasLastWord(
  { cards, discord, rollout }: ChatProduct,
  ids: readonly string[],
): Promise<void> {
  const texts = () => cards().map((one) => seenInDiscord(one).text);
  const last = ids.at(-1) ?? '';
  await eventually(
    async () =>
      texts().filter((text) => text.includes(last) && /[✓✔]|[Rr]olled back/.test(text)).length ===
      1,
  );
  for (const id of ids) expect(texts().filter((text) => text.includes(id))).toHaveLength(1);
  expect(await rollout(`shop-${ids.length + 1}`)).toBeNull();
  const said = discord.state.messages.map(({ channel, nonce }) => `${channel} ${nonce}`);
  const posted = said.filter((one) => !one.endsWith(' null'));
  expect(new Set(posted).size).toBe(posted.length);
  expect(discord.refused).toEqual([]);
}

const production = { service: 'shop', environment: 'production' };

describe.skipIf(!installed).concurrent('the whole product in Discord', () => {
  it('by gateway: deploy, two approvals, canary with a picture, taken back by buttons', async () => {
    const product = byGateway;
    const { discord, type, press, until, rollout } = product;
    discord.faults.next('edit', { kind: 'ratelimited', retryAfter: 0.2 });
    discord.faults.next('edit', { kind: 'ratelimited', retryAfter: 0.2, global: true });
    discord.faults.next('edit', { kind: 'reset', done: true });

    await type(ada, 'deploy', { ...production, version: 'v2' });
    await press(ada, 'shop-1', 'Approve');
    await press(grace, 'shop-1', 'Approve');
    discord.gateway.reconnect();
    await discord.gateway.resumed(1);
    await press(linus, 'shop-1', 'Approve');
    await until('shop-1', ({ weights }) => weights['box'] === 50);
    discord.gateway.cut();
    await discord.gateway.resumed(2);
    await until('shop-1', ({ phase }) => phase === 'succeeded');
    const done = await rollout('shop-1');
    expect(done?.approvals.map(({ by }) => by.person)).toEqual(['grace', 'linus']);
    await showsPicture(product, 'shop-1');

    await type(ada, 'deploy', { ...production, version: 'v3' });
    await press(grace, 'shop-2', 'Approve');
    await press(linus, 'shop-2', 'Approve');
    await press(ada, 'shop-2', 'Stop');
    await until('shop-2', ({ phase }) => phase === 'paused');
    await press(ada, 'shop-2', 'Roll back to v2');
    await until('shop-2', ({ phase }) => phase === 'rolled_back');
    expect((await rollout('shop-2'))?.abort?.cause.kind).toBe('person');

    await type(ada, 'unlock', production);
    await press(ada, 'shop-1', 'Roll back to v1');
    await until('shop-3', ({ phase }) => phase === 'succeeded');
    expect((await rollout('shop-3'))?.artifact.version).toBe('v1');
    await hasLastWord(product, ['shop-1', 'shop-2', 'shop-3']);
  }, 120_000);

  it('by HTTP: deploy, two approvals, canary with a picture, taken back by itself', async ({
    onTestFinished,
  }) => {
    const product = await openChatProduct('http');
    onTestFinished(() => product.close());
    const { discord, type, press, until, rollout } = product;
    discord.faults.next('edit', { kind: 'ratelimited', retryAfter: 0.2 });
    discord.faults.next('edit', { kind: 'reset', done: true });
    await type(ada, 'deploy', { ...production, version: 'v3' });
    await press(ada, 'shop-1', 'Approve');
    await press(grace, 'shop-1', 'Approve');
    await press(linus, 'shop-1', 'Approve');
    await until('shop-1', ({ phase }) => phase === 'rolled_back');
    const done = await rollout('shop-1');
    expect(done?.approvals.map(({ by }) => by.person)).toEqual(['grace', 'linus']);
    expect(done?.abort?.cause.kind).toBe('verdict');
    await showsPicture(product, 'shop-1');
    await hasLastWord(product, ['shop-1']);
  }, 120_000);

  it('is asked for in Slack, approved in Discord, taken back from the console; a person is one', async () => {
    const { slack, discord, type, press, until, rollout, say } = byGateway;
    const inSlack = (user: string) =>
      slack.state.whispers.filter((one) => one.user === user).map((one) => seenInSlack(one).text);
    const alone = (user: string) =>
      discord.state.messages
        .filter((one) => one.alone === user)
        .map((one) => seenInDiscord(one).text);
    // An answer takes the place of a word that it is on its way.
    const hears = (user: string, words: string) =>
      eventually(async () => alone(user).at(-1)?.includes(words) === true);

    // Ada links her account in Slack to the one in Discord, which the settings name.
    await slack.people.command('UADA', 'link', 'CREL');
    const code = () => /link ([\w-]{20,})/.exec(inSlack('UADA').join('\n'))?.[1] ?? '';
    await eventually(async () => code() !== '');
    await type(ada, 'link', { code: code() });
    await hears(ada, 'Link these accounts?');
    await type(ada, 'link', { code: code(), as: 'ada' });
    await hears(ada, 'Linked');

    await slack.people.command('UADA', 'deploy api v2 plain', 'CREL');
    await until('api-1', ({ phase, gates }) => phase === 'waiting' && gates !== null);
    expect((await rollout('api-1'))?.requester).toMatchObject({
      person: 'ada',
      account: { platform: 'slack' },
    });
    // She may approve nothing of her own from the other platform, even as an approver.
    discord.state.members.get(ada)?.roles.add(town.approverRole);
    await press(ada, 'api-1', 'Approve');
    await hears(ada, 'approval.self');
    await press(grace, 'api-1', 'Approve');
    // Grace is the same person in Slack: no second vote.
    await slack.people.command('UGRACE', 'approve api-1', 'CREL');
    await eventually(async () => inSlack('UGRACE').length === 1);
    const half = await rollout('api-1');
    expect(half?.approvals.map(({ by }) => by.person)).toEqual(['grace']);
    expect(half?.phase).toBe('waiting');
    await press(linus, 'api-1', 'Approve');
    await until('api-1', ({ phase }) => phase === 'succeeded');

    expect(await say('/release rollback api plain because it is late')).toContain('api-2');
    await until('api-2', ({ phase }) => phase === 'succeeded');
    const back = await rollout('api-2');
    expect(back?.artifact.version).toBe('v1');
    expect(back?.requester).toMatchObject({ person: 'linus', account: { platform: 'console' } });

    // All three show the same end.
    const discordCards = () => discord.state.messages.map((one) => seenInDiscord(one).text).join();
    const slackCards = () => slack.state.messages.map((one) => seenInSlack(one).text).join();
    for (const shown of [discordCards, slackCards]) {
      await eventually(async () => shown().includes('api-2'));
    }
    expect([...slack.refused, ...discord.refused]).toEqual([]);
  }, 120_000);
});
