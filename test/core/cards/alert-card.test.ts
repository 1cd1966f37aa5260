import { describe, expect, it } from 'vitest';
import { draw } from '#adapters/discord/view-components.ts';
import { render } from '#adapters/slack/view-blocks.ts';
import type { AlertEvent, Suspect } from '#core/alerts/events.ts';
import { evolveGroup } from '#core/alerts/evolve-group.ts';
import type { AlertGroup } from '#core/alerts/group.ts';
import { type SuspectNow, suspectActions } from '#core/cards/alert-actions.ts';
import { alertCard } from '#core/cards/alert-card.ts';
import type { Button } from '#core/message.ts';
import { MessageBody } from '../../peers/discord/validate.ts';
import { whyBadBlocks } from '../../peers/slack/block-kit.ts';
import { afterEvents, artifact, person, planned, start } from './a-rollout.ts';

const evil = '<!channel> @everyone [x](javascript:x) <https://evil|Approve> ';
const long = evil.repeat(20);
const now = start + 600_000;
const context = {
  now,
  tokenOf: ({ command, rollout }: { command: string; rollout: string | null }) =>
    `${command}.${rollout}`,
  consoleUrl: null,
  command: 'release',
};

function group(...events: readonly AlertEvent[]): AlertGroup {
  const opened: AlertEvent = {
    kind: 'episode.opened',
    group: 'alertmanager-0123456789abcdef',
    episode: 1,
    thread: 1,
    source: 'alertmanager',
    receiver: long.slice(0, 200),
    title: long.slice(0, 200),
    url: 'https://alertmanager.example/',
    home: { kind: 'channel' },
  };
  let made: AlertGroup | null = null;
  for (const event of [opened, ...events]) made = evolveGroup(made, event, start + 1000);
  if (made === null) throw new Error('no group');
  return made;
}

function fired(index: number): AlertEvent {
  return {
    kind: 'alert.fired',
    fingerprint: `f${index}`,
    startsAt: start,
    name: long.slice(0, 200),
    severity: 'critical',
    effect: 'pause',
    aim: { service: 'shop', environment: 'production' },
    summary: long.slice(0, 300),
    labels: { instance: long.slice(0, 200), pod: long.slice(0, 200) },
    runbook: 'https://runbooks.example/x',
    url: 'https://prometheus.example/x',
  };
}

function suspect(index: number): SuspectNow {
  const state = {
    ...afterEvents(planned, { kind: 'rollout.started' }),
    id: `shop-${index}`,
    requester: person(evil),
  };
  const named: Suspect = {
    rollout: state.id,
    service: 'shop',
    environment: 'production',
    version: 'v2',
    distance: index,
    trafficAt: start - 60_000,
    share: 50,
    verdict: 'undecided',
    quietBefore: false,
    health: { before: 'healthy', turnedAt: start - 30_000, by: long.slice(0, 200) },
    score: 1 / index,
  };
  return { suspect: named, state, holds: true, fate: long };
}

const many = [1, 2, 3, 4, 5];
const whole = group(...Array.from({ length: 40 }, (_, index) => fired(index)), {
  kind: 'alerts.truncated',
  count: 7,
});
const card = alertCard(whole, many.map(suspect), context);
const buttons = (view: typeof card): readonly Button[] =>
  view.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));

describe('the card of an alert at its worst', () => {
  it('is one that Slack takes, with every button', () => {
    const { blocks } = render(card, { charts: false, now, blocksMax: 50, buttons: true });
    expect(whyBadBlocks(blocks)).toBeNull();
    const text = JSON.stringify(blocks);
    for (const { label } of buttons(card)) expect(text).toContain(label);
    // Only in rich text, where Slack reads nothing into it.
    expect(text).not.toMatch(/"mrkdwn"/);
  });

  it('is one that Discord takes, with every button', () => {
    const { components } = draw(card, { now, picture: false, marks: [1, 2] });
    const body = MessageBody.safeParse({ flags: 32_768, components });
    expect(body.error?.issues ?? []).toEqual([]);
    const text = JSON.stringify(components);
    for (const { label } of buttons(card)) expect(text).toContain(label);
  });

  it('names the exact target on each button and asks before it goes back', () => {
    expect(buttons(card)).toHaveLength(12);
    for (const { label, confirm } of buttons(card)) {
      const known =
        /^(?:Roll back shop to v1|Pause shop v2|Caused by shop v2|Not related: shop v2)$/;
      expect(label).toMatch(known);
      if (label.startsWith('Roll back')) expect(confirm?.title).toBe('Roll back to v1?');
    }
  });
});

describe('the buttons under an alert', () => {
  const ringing = group(fired(1));
  const actions = (one: Partial<SuspectNow>, of: AlertGroup = ringing) =>
    suspectActions(of, [{ ...suspect(1), ...one }], now).flatMap((all) =>
      all.map(({ command }) => command),
    );
  const live = {
    ...afterEvents(
      planned,
      { kind: 'rollout.started' },
      { kind: 'rollout.succeeded', artifact: artifact('v2') },
    ),
    id: 'shop-1',
  };

  it.each([
    ['of a release under way', {}, ['pause', 'abort', 'related', 'not-related']],
    ['of one that is live', { state: live }, ['rollback', 'related', 'not-related']],
    ['of one that no longer runs', { state: live, holds: false }, ['related', 'not-related']],
  ])('%s', (_, one, expected) => {
    expect(actions(one)).toEqual(expected);
  });

  it('leave out what is said already', () => {
    const link = { kind: 'release.linked' as const, rollout: 'shop-1', fails: true };
    const held = evolveGroup(ringing, link, now);
    expect(actions({ state: live }, held)).toEqual(['rollback', 'not-related']);
  });

  it('are gone when it is over, and for whom somebody cleared', () => {
    const over = evolveGroup(ringing, { kind: 'episode.closed', because: 'resolved' }, now);
    expect(actions({}, over)).toEqual([]);
    const by = person('Grace');
    const cleared = evolveGroup(
      ringing,
      { kind: 'suspect.cleared', rollout: 'shop-1', by, reason: '' },
      now,
    );
    expect(actions({}, cleared)).toEqual([]);
  });
});
