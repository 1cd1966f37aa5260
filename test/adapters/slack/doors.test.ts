import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seenMessage } from '../../peers/slack/seen.ts';
import { slackWorld } from './slack-world.ts';

type World = Awaited<ReturnType<typeof slackWorld>>;

describe('what people do in Slack', () => {
  let world: World;
  beforeEach(async () => {
    world = await slackWorld('socket');
  });
  afterEach(() => world.close());

  it('opens a form for a command without its arguments, and runs what is filled in', async () => {
    const { peer, people, bus } = world;
    await peer.people.command(people.ada, 'deploy', 'CREL');
    await expect.poll(() => peer.state.views.size).toBe(1);
    const view = [...peer.state.views.values()][0] ?? {};
    expect(peer.refused).toEqual([]);
    const values = {
      b1: { service: { selected_option: { value: 'shop' } } },
      b2: { version: { value: 'v2' } },
      b3: { environment: { selected_option: { value: 'production' } } },
    };
    await peer.people.submit(people.ada, view, values);
    await bus.idle();
    expect(world.whispers(people.ada).join()).toContain('shop-1');
    const options = await peer.people.suggest(people.ada, 'service', 'sh', view);
    expect(JSON.stringify(options?.payload)).toContain('"value":"shop"');
  });

  it.each([
    ['Deny', 'not on a Friday', 'denials'],
    ['Approve', 'tested it myself', 'approvals'],
  ] as const)('asks for a comment in a form: %s', async (label, comment, kept) => {
    const { peer, people, drive, memory, press } = world;
    await peer.people.command(people.ada, 'deploy shop v2 production', 'CREL');
    await drive(3);
    await press(people.grace, label, comment);
    const [view] = [...peer.state.views.values()];
    expect(JSON.stringify(view)).toContain(`${label} v2`);
    expect((await memory.read('shop-1'))[kept][0]?.comment).toBe(comment);
    expect(peer.refused).toEqual([]);
  });

  it('says in the form what is missing, and what went wrong', async () => {
    const { peer, people, drive, press, memory } = world;
    await peer.people.command(people.ada, 'deploy shop v2 production', 'CREL');
    await drive(3);
    await press(people.grace, 'Deny', '   ');
    expect((await memory.read('shop-1')).denials).toEqual([]);
    const [id, view] = [...peer.state.views].at(-1) ?? ['', {}];
    const values = { text: { text: { value: ' ' } } };
    const blank = await peer.people.submit(people.grace, { ...view, id }, values);
    expect(blank?.payload).toMatchObject({
      response_action: 'errors',
      errors: { text: expect.stringMatching(/./) },
    });
    const broken = { ...view, id, private_metadata: '{"kind":"unknown"}' };
    const failed = await peer.people.submit(people.grace, broken, values);
    expect(JSON.stringify(failed?.payload)).toContain('Nothing was done');
  });

  it('tells the person privately when a form does not open', async () => {
    const { peer, people } = world;
    peer.faults.next('views.open', { kind: 'error', error: 'expired_trigger_id' });
    await peer.people.command(people.ada, 'deploy', 'CREL');
    await expect.poll(() => world.whispers(people.ada).join()).toContain('did not open the form');
    expect(world.whispers(people.ada).join()).toContain('deploy <service>');
  });

  it('takes what comes late or in the wrong order for what it is', async () => {
    const { peer, people, bus, memory, drive } = world;
    await peer.people.command(people.ada, 'deploy shop v2 production', 'CREL');
    await drive(3);
    await peer.hold(true);
    await peer.people.command(people.grace, 'approve shop-1', 'CREL');
    await peer.people.command(people.ada, 'abort shop-1 because wrong version', 'CREL');
    await peer.hold(false);
    await bus.idle();
    const state = await memory.read('shop-1');
    expect(state.phase).toBe('cancelled');
    expect(state.startedAt).toBeNull();
    await drive(5);
    expect((await memory.read('shop-1')).weights).toEqual(state.weights);
  });

  it('takes mentions in threads and answers the person alone, there', async () => {
    const { peer, people, bus, drive } = world;
    await peer.people.command(people.ada, 'deploy shop v2 production', 'CREL');
    await drive(3);
    const thread = world.cards()[0]?.ts ?? '';
    await peer.people.mention(people.ada, 'whoami', { channel: 'CREL', thread });
    await bus.idle();
    expect(peer.calls.some(({ method }) => method === 'chat.postEphemeral')).toBe(true);
  });

  it('opens a command form under a message, by its shortcut', async () => {
    const { peer, people } = world;
    await peer.people.shortcut(people.ada, { channel: 'CREL', ts: '1.1' });
    await expect.poll(() => peer.state.views.size).toBe(1);
    expect(peer.refused).toEqual([]);
  });

  it('fills the home of those who may look, and unfurls release pages for them', async () => {
    const { peer, people, drive } = world;
    await peer.people.command(people.ada, 'deploy shop v2 production', 'CREL');
    await drive(3);
    for (const user of [people.ada, people.grace, people.mallory]) {
      await peer.people.event({ type: 'app_home_opened', user, tab: 'home' });
      await peer.people.event({
        type: 'link_shared',
        user,
        channel: 'CREL',
        message_ts: '5.5',
        links: [
          { url: 'https://signalbox.example/rollouts/shop-1' },
          { url: 'https://evil.example/rollouts/shop-1' },
        ],
      });
    }
    expect(JSON.stringify(peer.state.homes.get(people.mallory))).not.toContain('shop-1');
    const home = (user: string) => JSON.stringify(peer.state.homes.get(user));
    expect(home(people.grace)).toContain('Approve v2');
    // The requester decides nothing about it: it is listed as theirs.
    expect(home(people.ada)).not.toContain('Approve v2');
    expect(home(people.ada)).toContain('shop-1');
    const link = ['https://signalbox.example/rollouts/shop-1'];
    expect(peer.state.unfurls.map(({ unfurls }) => Object.keys(unfurls))).toEqual([link, link]);
    expect(peer.refused).toEqual([]);
  });

  it('survives envelopes that the SDK dies of, and refreshes without a gap for people', async () => {
    const { peer, people, bus } = world;
    peer.sockets.raw(
      JSON.stringify({
        type: 'events_api',
        envelope_id: 'x',
        payload: { type: 'app_rate_limited' },
      }),
    );
    peer.sockets.raw('not json');
    peer.sockets.refresh();
    await peer.people.command(people.ada, 'whoami', 'CREL');
    await bus.idle();
    expect(world.whispers(people.ada)).toHaveLength(1);
    await expect.poll(() => peer.sockets.open()).toBe(2);
  });

  it('keeps coming back while Slack refuses connections', async () => {
    const { peer, people, bus } = world;
    peer.faults.next('apps.connections.open', { kind: 'lost_503' }, 2);
    peer.sockets.cut();
    await peer.people.command(people.ada, 'whoami', 'CREL');
    await bus.idle();
    expect(world.whispers(people.ada)).toHaveLength(1);
  });

  it('answers by other means when the response address has run out', async () => {
    const { peer, people, bus } = world;
    const sent = peer.people.command(people.ada, 'whoami', 'CREL');
    peer.triggers.expireAll();
    await sent;
    await bus.idle();
    await world.settle();
    const told = [...peer.state.messages, ...peer.state.whispers].map(
      (one) => seenMessage(one).text,
    );
    expect(told.join()).toContain('ada');
  });

  it.each([
    'http://169.254.169.254/x',
    'https://hooks.slack.com@evil.example/x',
    'https://hooks.slack.com.evil.example/',
  ])('never sends an answer to %s', async (response_url) => {
    const { peer, people, bus } = world;
    await peer.people.command(people.ada, 'whoami', 'CREL', { response_url });
    await bus.idle();
    expect(peer.calls.some(({ method }) => method === 'chat.postEphemeral')).toBe(true);
  });
});
