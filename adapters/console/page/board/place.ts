import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { runCommand } from '#adapters/console/page/chat/send.ts';
import { askFirst } from '#adapters/console/page/dialog.ts';
import { html } from '#adapters/console/page/html.ts';
import { link } from '#adapters/console/page/live.ts';
import { Progress } from '#adapters/console/page/view/blocks.ts';
import { brief, remark } from '#adapters/console/page/view/remark.ts';
import { Time } from '#adapters/console/page/view/spans.ts';
import type { Board } from '#adapters/console/wire.ts';
import { standing, toneOf } from '#core/cards/standing.ts';

type BoardPlace = Board['places'][number];

/** One service in one environment. */
export function Place({ place }: { readonly place: BoardPlace }): VNode {
  const { runs, since, by, rollout, queue, frozen, drift, alerts } = place;
  const { lock, holds } = place.place;
  return html`<div class="place" data-tone=${rollout === null ? 'neutral' : toneOf(rollout)}>
    <p class="place-version">${runs?.version ?? 'nothing yet'}</p>
    <p class="place-since">${since === null ? null : html`<${Time} at=${since} as="relative" />`}${by === null ? null : html`<span> · ${by}</span>`}</p>
    ${alerts.map(
      ({ group, title, severity, since: began }) =>
        html`<div data-tone="danger" key=${group}>${remark('alert', [
          html`<a href="/figures/on-call"><b>${title}</b> fires</a>`,
          severity === '' ? null : `(${severity})`,
          html`<span class="quiet"> since <${Time} at=${began} as="relative" /></span>`,
        ])}</div>`,
    )}
    ${rollout === null ? null : html`<${OnTheWay} rollout=${rollout} />`}
    ${
      drift === null
        ? null
        : html`<div data-tone="warning">${remark('errored', [
            html`<b>Not as released</b>`,
            drift.detail.replace(/\.$/, ','),
            html`<span class="quiet"> seen <${Time} at=${drift.asOf} as="relative" /></span>`,
          ])}</div>`
    }
    ${
      lock === null
        ? null
        : remark('locked', [
            html`<b>Locked by ${lock.by.displayName}:</b>`,
            brief(lock.reason),
            lock.until === null ? null : html` until <${Time} at=${lock.until} as="date" />`,
          ])
    }
    ${frozen === null ? null : remark('frozen', [html`<b>Frozen:</b>`, frozen.reason])}
    ${holds.map((held) =>
      remark('paused', [
        html`<b>${held.artifact.version} is on hold${held.reason === lock?.reason ? '' : ':'}</b>`,
        held.reason === lock?.reason ? ' until somebody deploys it by name' : brief(held.reason),
      ]),
    )}
    ${queue.map((one) =>
      remark('releases', [
        html`<a href=${`/rollouts/${encodeURIComponent(one.rollout)}`}>${one.version}</a>`,
        ` queued by ${one.by}`,
      ]),
    )}
    ${place.promotable === null || rollout !== null ? null : html`<${Promote} place=${place} version=${place.promotable.version} />`}
  </div>`;
}

function OnTheWay({ rollout }: { readonly rollout: NonNullable<BoardPlace['rollout']> }): VNode {
  const weight = Math.max(0, ...Object.values(rollout.weights));
  const words = `${rollout.artifact.version}: ${standing(rollout)}`;
  return html`<a class="on-the-way" href=${`/rollouts/${encodeURIComponent(rollout.id)}`}>${
    rollout.startedAt === null
      ? html`<span class="on-the-way-words"><span class="pip" aria-hidden="true"></span>${words}</span>`
      : html`<${Progress} label=${words} percent=${weight} />`
  }</a>`;
}

function Promote({
  place,
  version,
}: {
  readonly place: BoardPlace;
  readonly version: string;
}): VNode {
  const busy = useSignal(false);
  const { service, environment } = place;

  async function run(): Promise<void> {
    const answer = await askFirst({
      label: 'Promote',
      style: 'primary',
      confirm: {
        title: `Promote ${service} ${version} to ${environment}?`,
        text: `The same artifact that runs in the environment before is released to ${environment}, through its gates.`,
        yes: `Promote ${version}`,
      },
    });
    if (answer === null) return;
    busy.value = true;
    await runCommand(`deploy ${service} ${version} to ${environment}`);
    busy.value = false;
  }

  const resting = busy.value || link.value === 'lost';
  return html`<button class="button" data-style="plain" aria-disabled=${resting} onClick=${() => {
    if (!resting) run().catch(() => undefined);
  }}>Promote ${version} to ${environment}</button>`;
}
