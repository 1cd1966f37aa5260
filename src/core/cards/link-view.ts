import type { Instant } from '#core/ids.ts';
import type { View } from '#core/message.ts';
import { type Account, accountKey } from '#core/people.ts';
import { noticeView } from './notice-view.ts';

/** Both sides of a link. */
export interface LinkSides {
  readonly from: Account;
  readonly to: Account;
  readonly person: string;
  readonly personName: string;
}

/** The code for the other account: it is shown once, to its owner alone. */
export function linkCodeView(invitation: {
  readonly token: string;
  readonly expiresAt: Instant;
  readonly command: string;
  readonly url: string | null;
}): View {
  const { token, expiresAt, command, url } = invitation;
  return noticeView({
    tone: 'waiting',
    title: 'Link an account',
    said: 'Type this with your other account. Show it to nobody.',
    more: [
      [{ kind: 'code', text: `/${command} link ${token}` }],
      [
        ...(url === null
          ? []
          : [
              'Or confirm it on ',
              { kind: 'link', text: 'the page of the console', url: linkPage(url, token) } as const,
              '. ',
            ]),
        'It works once, until ',
        { kind: 'time', at: expiresAt, as: 'clock' },
        '.',
      ],
    ],
  });
}

/** The code stands after the hash: browsers do not send that, so it is in no log. */
function linkPage(url: string, token: string): string {
  return `${url.replace(/\/$/, '')}/link#${token}`;
}

/** Both sides, before anything is joined. The person has to be named to go on. */
export function linkOfferView(sides: LinkSides, command: string): View {
  return noticeView({
    tone: 'warning',
    title: 'Link these accounts?',
    said: `Both accounts will stand for ${sides.personName}, with the rights of both.`,
    more: [
      ['If somebody else gave you this code, stop here.'],
      [
        'If both are yours, type: ',
        { kind: 'code', text: `/${command} link <code> as ${sides.person}` },
      ],
    ],
    blocks: [sidesOf(sides)],
  });
}

/** The link was made; both sides are told. */
export function linkedView(sides: LinkSides): View {
  return noticeView({
    tone: 'success',
    title: 'Linked',
    said: `Both accounts stand for ${sides.personName} now.`,
    more: [['If this was not you, tell the people who run Signalbox at once.']],
    blocks: [sidesOf(sides)],
  });
}

function sidesOf({ from, to }: LinkSides) {
  return {
    kind: 'fields',
    fields: [
      { label: 'Asked with', value: [{ kind: 'code', text: accountKey(from) }] },
      { label: 'Confirmed with', value: [{ kind: 'code', text: accountKey(to) }] },
    ],
  } as const;
}
