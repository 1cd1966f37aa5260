import type { VNode } from 'preact';
import { Avatar } from '#adapters/console/page/avatar.ts';
import { now } from '#adapters/console/page/clock.ts';
import { html } from '#adapters/console/page/html.ts';
import { Time } from '#adapters/console/page/view/spans.ts';
import type { Release } from '#adapters/console/wire.ts';
import type { Actor } from '#core/people.ts';

type State = Release['state'];

/** Who agreed or disagreed, when, as what, by which membership, and to which plan. */
export function Approvals({ state }: { readonly state: State }): VNode {
  const { approvals, denials, overrides, requester, requestedAt } = state;
  return html`<ul class="approvals">
    <li>${who(requester)}<div><b>${requester.displayName}</b> requested it <span class="quiet"><${Time} at=${requestedAt} as="date" /></span></div></li>
    ${approvals.map((given) => html`<${Given} given=${given} state=${state} key=${given.at} />`)}
    ${denials.map(
      ({ by, at, comment, hash }) => html`<li key=${at} data-tone="warning">${who(by)}<div>
        <b>${by.displayName}</b> <span class="toned">denied</span> <span class="quiet"><${Time} at=${at} as="date" /> · plan ${hash.slice(0, 8)}</span>
        ${comment === '' ? null : html`<p>“${comment}”</p>`}</div></li>`,
    )}
    ${overrides.map(
      ({ by, reason, gates, reviewedBy }) => html`<li data-tone="danger">${who(by)}<div>
        <b>${by.displayName}</b> <span class="toned">broke the glass</span> past ${gates.join(', ')}<p>“${reason}”</p>
        <p class="quiet">${reviewedBy === null ? 'Nobody has reviewed it yet.' : `Reviewed by ${reviewedBy.displayName}.`}</p></div></li>`,
    )}
    ${approvals.length === 0 && asksApproval(state) ? html`<li class="quiet">Nobody has approved it yet.</li>` : null}
  </ul>`;
}

function Given({
  given,
  state,
}: {
  readonly given: State['approvals'][number];
  readonly state: State;
}): VNode {
  const { by, at, role, comment, evidence, hash, expiresAt, revoked } = given;
  const bound = hash === state.planHash;
  const over = expiresAt < now.value && state.startedAt === null;
  const standing =
    revoked !== null
      ? `revoked: ${revoked}`
      : bound
        ? over
          ? 'expired'
          : null
        : 'of an earlier plan';
  return html`<li data-tone=${standing === null ? 'success' : 'warning'}>${who(by)}<div>
    <b>${by.displayName}</b> <span class="toned">approved</span> as ${role} <span class="quiet"><${Time} at=${at} as="date" /> · plan ${hash.slice(0, 8)}</span>
    ${standing === null ? null : html`<p class="toned">${standing}</p>`}
    ${comment === '' ? null : html`<p>“${comment}”</p>`}
    ${evidence.map((one) => html`<p class="quiet">${one.evidence}</p>`)}
  </div></li>`;
}

function who(actor: Actor): VNode {
  return html`<${Avatar} user=${actor.person} name=${actor.displayName} />`;
}

function asksApproval(state: State): boolean {
  return state.plan?.gates.some(({ gate }) => gate === 'approval') ?? false;
}
