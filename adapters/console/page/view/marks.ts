import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import type { StepMark } from '#core/message.ts';

export type Mark =
  | StepMark
  | 'close'
  | 'menu'
  | 'board'
  | 'releases'
  | 'channel'
  | 'locked'
  | 'inbox'
  | 'thread'
  | 'send'
  | 'search'
  | 'back'
  | 'theme'
  | 'frozen'
  | 'people'
  | 'link'
  | 'figures'
  | 'alert';

/** Small line drawings, 16 units square, in the colour of the text around them. */
const paths: Readonly<Record<Mark, string>> = {
  pending: 'M8 2.75a5.25 5.25 0 1 1 0 10.5a5.25 5.25 0 0 1 0-10.5',
  running: 'M8 2.75a5.25 5.25 0 1 1-5.25 5.25',
  done: 'M8 2.75a5.25 5.25 0 1 1 0 10.5a5.25 5.25 0 0 1 0-10.5M5.6 8.2l1.7 1.7l3.2-3.5',
  failed: 'M8 2.75a5.25 5.25 0 1 1 0 10.5a5.25 5.25 0 0 1 0-10.5M6.2 6.2l3.6 3.6M9.8 6.2l-3.6 3.6',
  errored: 'M8 2.6l5.9 10.4H2.1zM8 6.4v3M8 11.2v.1',
  skipped: 'M8 2.75a5.25 5.25 0 1 1 0 10.5a5.25 5.25 0 0 1 0-10.5M5.75 8h4.5',
  paused: 'M8 2.75a5.25 5.25 0 1 1 0 10.5a5.25 5.25 0 0 1 0-10.5M6.6 6.1v3.8M9.4 6.1v3.8',
  close: 'M4.5 4.5l7 7M11.5 4.5l-7 7',
  menu: 'M2.75 4.5h10.5M2.75 8h10.5M2.75 11.5h10.5',
  board: 'M2.75 3.25h10.5v9.5H2.75zM2.75 6.5h10.5M6.25 6.5v6.25M9.75 6.5v6.25',
  releases: 'M2.75 4h2M2.75 8h2M2.75 12h2M7 4h6.25M7 8h6.25M7 12h6.25',
  figures: 'M3 13.25V9M6.35 13.25V5.5M9.7 13.25V7.5M13 13.25V2.75',
  alert:
    'M3.25 11.750h9.500c-1.100-1.200-1.500-2.400-1.500-4.500a3.250 3.250 0 0 0-6.500 0c0 2.100-.4 3.300-1.500 4.500zM6.750 13.750h2.500M8 2.500v1.500',
  channel: 'M6.4 2.75L5 13.25M11 2.75L9.6 13.25M3 5.9h10.5M2.5 10.1H13',
  locked: 'M4 7.25h8v5.5H4zM5.75 7.25V5.5a2.25 2.25 0 0 1 4.5 0v1.75',
  inbox: 'M2.75 9l1.5-5.25h7.5L13.25 9v3.5H2.75zM2.75 9h3l.9 1.4h2.7l.9-1.4h3',
  thread: 'M3 3.25h10v7H7.5L4.75 12.9v-2.65H3z',
  send: 'M3 8h9.5M8.75 4.25L12.5 8l-3.75 3.75',
  search: 'M7 2.75a4.25 4.25 0 1 1 0 8.5a4.25 4.25 0 0 1 0-8.5M10.2 10.2l3 3',
  back: 'M9.75 3.75L5.5 8l4.25 4.25',
  theme: 'M8 2.75a5.25 5.25 0 1 1 0 10.5a5.25 5.25 0 0 1 0-10.5M8 2.75v10.5',
  frozen: 'M8 2.5v11M3.2 5.25l9.6 5.5M12.8 5.25l-9.6 5.5',
  people:
    'M6 7.25a2.25 2.25 0 1 0 0-4.5a2.25 2.25 0 0 0 0 4.5M2 13c.3-2.6 1.8-4 4-4s3.700 1.400 4 4M10.500 3a2 2 0 0 1 0 4M11.700 9.300c1.400.5 2.200 1.800 2.400 3.700',
  link: 'M6.5 9.500l3-3M7.250 4.750l1-1a2.830 2.830 0 0 1 4 4l-1 1M8.750 11.250l-1 1a2.830 2.830 0 0 1-4-4l1-1',
};

/** A drawing. It is decoration: whoever uses it says the same in words. */
export function mark(name: Mark): VNode {
  return html`<svg class="mark" data-mark=${name} viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d=${paths[name]} /></svg>`;
}
