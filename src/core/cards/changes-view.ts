import type { Change, ChangeList } from '#core/changes/change-list.ts';
import type { Block, Field, Line, Span, View } from '#core/message.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { closed } from './sentence.ts';

/** Lines where there is little room, and where the changes are what was asked for. */
const few = 6;
const many = 30;

/** What a release brings, in short: for whoever approves it, and for its end. */
export function changesBlocks({ changes, artifact }: RolloutState): readonly Block[] {
  if (changes === undefined) return [];
  const { list, because } = changes;
  if (list === null) return [{ kind: 'note', line: [`What it changes is unknown. ${because}`] }];
  if (list.commits === 0) return [];
  return [{ kind: 'text', line: headline(list, artifact.version) }, ...lines(list, few)];
}

/** The same in a few words, as a field: `12 changes by ada and grace, 2 with a risk`. */
export function changesField({ changes, artifact }: RolloutState): readonly Field[] {
  const list = changes?.list ?? null;
  if (list === null || list.commits === 0) return [];
  const risks = list.changes.filter(({ risk }) => risk !== null).length;
  const said = `${takesAway(list, artifact.version) ? 'takes back ' : ''}${counted(list)} by ${names(list)}`;
  const text: Span = list.url === null ? said : { kind: 'link', text: said, url: list.url };
  return [{ label: 'Changes', value: risks === 0 ? [text] : [text, `, ${risks} with a risk`] }];
}

/** What lies between two versions: the answer of `notes`. */
export function notesView(service: string, list: ChangeList): View {
  const title = `${service} ${list.from} … ${list.to}`;
  const said =
    list.commits === 0
      ? `There is no change between ${list.from} and ${list.to}.`
      : `${counted(list)} between ${list.from} and ${list.to}, by ${names(list)}.`;
  return {
    tone: 'neutral',
    title,
    summary: said,
    blocks: [
      { kind: 'text', line: [{ kind: 'strong', text: said }] },
      ...lines(list, many),
      ...(list.url === null
        ? []
        : [{ kind: 'note', line: [{ kind: 'link', text: 'All of it', url: list.url }] } as const]),
    ],
  };
}

function headline(list: ChangeList, version: string): Line {
  const verb = takesAway(list, version) ? 'Takes back' : 'Brings';
  const said = `${verb} ${counted(list)} by ${names(list)}`;
  const lost =
    list.lost === 0 || takesAway(list, version)
      ? []
      : [` It lacks ${list.lost} ${list.lost === 1 ? 'commit' : 'commits'} of ${list.from}.`];
  return [{ kind: 'strong', text: `${said}.` }, ...lost];
}

/** The list runs up to what ran before: then the release goes back over it. */
function takesAway(list: ChangeList, version: string): boolean {
  return list.from === version && list.to !== version;
}

function lines({ changes, more }: ChangeList, atMost: number): readonly Block[] {
  // What carries a risk is never among those that are only counted.
  const sorted = changes.toSorted((a, b) => Number(b.risk !== null) - Number(a.risk !== null));
  const left = more + Math.max(0, changes.length - atMost);
  return [
    ...sorted.slice(0, atMost).map((change) => ({ kind: 'text', line: line(change) }) as const),
    ...(left === 0 ? [] : [{ kind: 'note', line: [`and ${left} more`] } as const]),
  ];
}

function line({ title, author, pull, commit, url, tickets, risk }: Change): Line {
  const name = pull === null ? commit : `#${pull}`;
  const id: Span = url === null ? name : { kind: 'link', text: name, url };
  return [
    `• ${withoutTickets(title, tickets)} (`,
    id,
    ...tickets.flatMap((ticket): readonly Span[] => [
      ', ',
      ticket.url === null ? ticket.id : { kind: 'link', text: ticket.id, url: ticket.url },
    ]),
    `) by ${author}`,
    ...(risk === null ? [] : ([' ', { kind: 'strong', text: `Risk: ${closed(risk)}` }] as const)),
  ];
}

/** A ticket that its author put into brackets stands behind the title with its link. */
function withoutTickets(title: string, tickets: Change['tickets']): string {
  let short = title;
  for (const { id } of tickets) short = short.replace(`(${id})`, '').replace(`[${id}]`, '');
  const trimmed = short.replace(/\s+/g, ' ').trim();
  return trimmed === '' ? title : trimmed;
}

function counted({ changes, more }: ChangeList): string {
  const count = changes.length + more;
  return `${count} ${count === 1 ? 'change' : 'changes'}`;
}

function names({ authors }: ChangeList): string {
  const [first = 'nobody', second, third] = authors;
  if (second === undefined) return first;
  if (third === undefined) return `${first} and ${second}`;
  return authors.length === 3
    ? `${first}, ${second} and ${third}`
    : `${first}, ${second} and ${authors.length - 2} others`;
}
