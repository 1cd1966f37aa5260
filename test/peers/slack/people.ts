import { createHmac } from 'node:crypto';
import { isJson } from './seen.ts';
import type { Acknowledged, Sockets } from './sockets.ts';
import { botUser, type Json, type PeerState, team } from './state.ts';
import type { Triggers } from './triggers.ts';

export const signingSecret = 'peer-signing-secret';

/** Where Slack sends what people do. */
export type Door = { readonly kind: 'socket' } | { readonly kind: 'http'; readonly url: string };

/** What people in the workspace do; each resolves with how the app acknowledged. */
export interface PeerPeople {
  command(user: string, text: string, channel: string, over?: Json): Promise<Acknowledged>;
  press(user: string, button: Pressed, over?: Json): Promise<Acknowledged>;
  submit(user: string, view: Json, values: Json, over?: Json): Promise<Acknowledged>;
  mention(
    user: string,
    text: string,
    at: { readonly channel: string; readonly thread?: string },
    over?: Json,
  ): Promise<Acknowledged>;
  shortcut(
    user: string,
    at: { readonly channel: string; readonly ts: string },
  ): Promise<Acknowledged>;
  suggest(user: string, actionId: string, typed: string, view: Json): Promise<Acknowledged>;
  event(event: Json, over?: Json): Promise<Acknowledged>;
}

export interface Pressed {
  readonly channel: string;
  readonly ts: string;
  readonly token: string;
  readonly actionId?: string;
  readonly label?: string;
}

/** `door` may change between two acts. `repeat`: how often each delivery is made. */
export function createPeople(needs: {
  readonly state: PeerState;
  readonly sockets: Sockets;
  readonly triggers: Triggers;
  readonly base: string;
  readonly door: () => Door;
  readonly repeat: () => number;
  /** Deliveries that wait to be made out of order; null: each is made at once. */
  readonly held: () => (() => Promise<void>)[] | null;
}): PeerPeople {
  const { state, sockets, triggers, base } = needs;
  let events = 0;

  async function deliver(type: string, payload: Json): Promise<Acknowledged> {
    const held = needs.held();
    if (held === null) return deliverNow(type, payload);
    held.push(async () => void (await deliverNow(type, payload)));
    return null;
  }

  async function deliverNow(type: string, payload: Json): Promise<Acknowledged> {
    const door = needs.door();
    let answer: Acknowledged = null;
    for (let time = 0; time < needs.repeat(); time += 1) {
      answer =
        door.kind === 'socket'
          ? await sockets.send(type, payload)
          : await post(door.url, type, payload);
    }
    return answer;
  }

  const person = (user: string) => ({
    id: user,
    username: user.toLowerCase(),
    name: user.toLowerCase(),
    team_id: state.users.get(user)?.team ?? team,
  });
  const interaction = (user: string, channel: string): Json => ({
    user: person(user),
    team: { id: team, domain: 'peer' },
    enterprise: null,
    is_enterprise_install: false,
    api_app_id: 'A0000001',
    token: 'legacy',
    trigger_id: triggers.issue(),
    response_url: triggers.issueUrl(base, { user, channel }),
  });

  return {
    command(user, text, channel, over = {}) {
      return deliver('slash_commands', {
        command: '/release',
        text,
        team_id: team,
        team_domain: 'peer',
        channel_id: channel,
        channel_name: 'privategroup',
        user_id: user,
        user_name: user.toLowerCase(),
        api_app_id: 'A0000001',
        is_enterprise_install: 'false',
        trigger_id: triggers.issue(),
        response_url: triggers.issueUrl(base, { user, channel }),
        ...over,
      });
    },
    press(user, { channel, ts, token, actionId = 'act.1', label = 'Go' }, over = {}) {
      const message = state.messages.find((one) => one.ts === ts);
      return deliver('interactive', {
        type: 'block_actions',
        ...interaction(user, channel),
        channel: { id: channel, name: 'x' },
        container: {
          type: 'message',
          message_ts: ts,
          channel_id: channel,
          thread_ts: message?.thread ?? undefined,
        },
        message: { ts, thread_ts: message?.thread ?? undefined, text: message?.text },
        actions: [
          {
            type: 'button',
            action_id: actionId,
            block_id: 'b',
            text: { type: 'plain_text', text: label },
            value: token,
            action_ts: '1.1',
          },
        ],
        ...over,
      });
    },
    submit(user, view, values, over = {}) {
      return deliver('interactive', {
        type: 'view_submission',
        ...interaction(user, ''),
        view: { id: 'V1', team_id: team, hash: '1.a', ...view, state: { values } },
        ...over,
      });
    },
    mention(user, text, { channel, thread }, over = {}) {
      const ts = state.nextTs();
      return this.event(
        {
          type: 'app_mention',
          user,
          text: `<@${botUser}> ${text}`,
          ts,
          team: state.users.get(user)?.team ?? team,
          channel,
          event_ts: ts,
          ...(thread === undefined ? {} : { thread_ts: thread }),
        },
        over,
      );
    },
    shortcut(user, { channel, ts }) {
      return deliver('interactive', {
        type: 'message_action',
        callback_id: 'signalbox_command',
        ...interaction(user, channel),
        channel: { id: channel, name: 'x' },
        message: { type: 'message', ts, text: '' },
        message_ts: ts,
        action_ts: '1.1',
      });
    },
    suggest(user, actionId, typed, view) {
      return deliver('interactive', {
        type: 'block_suggestion',
        ...interaction(user, ''),
        action_id: actionId,
        block_id: 'b',
        value: typed,
        view: { id: 'V1', ...view },
      });
    },
    event(event, over = {}) {
      events += 1;
      return deliver('events_api', {
        type: 'event_callback',
        token: 'legacy',
        team_id: team,
        api_app_id: 'A0000001',
        event_id: `Ev${events}`,
        event_time: 1,
        authorizations: [
          {
            enterprise_id: null,
            team_id: team,
            user_id: botUser,
            is_bot: true,
            is_enterprise_install: false,
          },
        ],
        event,
        ...over,
      });
    },
  };
}

/** A delivery over HTTP, signed as Slack signs. */
async function post(url: string, type: string, payload: Json): Promise<Acknowledged> {
  const { body, contentType } = bodyOf(type, payload);
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: signedHeaders(body, contentType),
  });
  const text = await response.text();
  if (!response.ok) return null;
  const read: unknown = text === '' ? {} : JSON.parse(text);
  return { payload: isJson(read) ? read : {} };
}

export function bodyOf(
  type: string,
  payload: Json,
): { readonly body: string; readonly contentType: string } {
  if (type === 'events_api')
    return { body: JSON.stringify(payload), contentType: 'application/json' };
  const form =
    type === 'interactive'
      ? { payload: JSON.stringify(payload) }
      : Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, String(value)]));
  return {
    body: new URLSearchParams(form).toString(),
    contentType: 'application/x-www-form-urlencoded',
  };
}

export function signedHeaders(
  body: string,
  contentType: string,
  at = Date.now(),
  secret = signingSecret,
): Record<string, string> {
  const stamp = String(Math.floor(at / 1000));
  const digest = createHmac('sha256', secret).update(`v0:${stamp}:${body}`).digest('hex');
  return {
    'content-type': contentType,
    'x-slack-request-timestamp': stamp,
    'x-slack-signature': `v0=${digest}`,
  };
}
