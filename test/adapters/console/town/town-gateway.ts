import { refusalView } from '#core/cards/refusal-view.ts';
import type { CommandDescriptor, FieldKind } from '#core/command.ts';
import type { View } from '#core/message.ts';
import { type Actor, signalbox } from '#core/people.ts';
import { type Refusal, refusal } from '#core/refusal.ts';
import type { RolloutCommand } from '#core/rollout/command.ts';
import { decide } from '#core/rollout/decide.ts';
import type { Gateway, Inbound, Reply } from '#ports/gateway.ts';
import { everybody } from './people.ts';
import type { Story } from './story.ts';
import type { Town } from './town.ts';
import { townSettings } from './town-settings.ts';

const service = field('service', 'service');
const environment = { ...field('environment', 'environment'), required: false, introducedBy: 'to' };

export const descriptors: readonly CommandDescriptor[] = [
  {
    name: 'deploy',
    summary: 'Release a version of a service.',
    permission: 'deploy',
    fields: [
      service,
      field('version', 'version'),
      environment,
      { ...field('reason', 'text'), required: false, rest: false },
    ],
    examples: ['deploy shop v2', 'deploy shop v2 to staging'],
  },
  command('approve', 'Approve a release that waits for it.', [field('rollout', 'rollout')]),
  command('deny', 'Say no to a release, with a reason.', [field('rollout', 'rollout')]),
  command('status', 'What runs where.', [{ ...service, required: false }]),
  command('why', 'Who may deploy, who may approve, what blocks it now.', [service, environment]),
  command('rollback', 'Go back to the release before.', [service, environment]),
  command('lock', 'Lock a place, with a reason.', [service, environment]),
  command('help', 'What you can run.', []),
];

/** A gateway over a town: enough of the product to click through the story. */
export function createTownGateway(town: Town, story: Story): Gateway {
  const seen = new Set<string>();

  async function run(inbound: Inbound, by: Actor): Promise<Reply> {
    if (inbound.content.kind === 'action')
      return press(inbound.content.token, inbound.content.input, by);
    const [name = '', ...words] = inbound.content.text.split(/\s+/);
    if (name === 'deploy') return deploy(by, words);
    if (name === 'link') return joins(by, words);
    if (name === 'status') return says(view('Status', 'shop v1 runs in production.'));
    return no(refusal('command.unknown', `There is no command ${name}.`, 'Try deploy, or help.'));
  }

  async function deploy(by: Actor, words: readonly string[]): Promise<Reply> {
    const [name = '', version = 'v2', , to = 'production'] = words;
    if (townSettings.services[name] === undefined) {
      return no(refusal('service.unknown', `There is no service ${name}.`, 'Did you mean shop?'));
    }
    const id = await story.request(by, name, to, version, version === 'v1' ? 'v2' : 'v1');
    return { ...says(view('Requested', `${id}: ${name} ${version} to ${to}.`)), rollout: id };
  }

  async function press(token: string, input: string | null, by: Actor): Promise<Reply> {
    const action = town.actions.get(token);
    if (action === undefined) {
      return no(refusal('action.unknown', 'The button has expired.', 'Use the newest card.'));
    }
    const state = town.state(action.rollout ?? '');
    if (action.command === 'approve') {
      const objection = mayNotApprove(by, state.requester);
      if (objection !== null) return no(objection);
      await story.approve(state.id, by);
      return says(view('Approved', `${state.artifact.version} is approved.`));
    }
    const decided = decide(
      state,
      commandOf(action.command, by, input ?? '', state.planHash),
      town.clock.now(),
    );
    if (!decided.ok) return no(decided.refusal);
    await town.record(state.id, by, decided.value);
    return says(view('Done', `${action.label}: done.`));
  }

  async function handle(inbound: Inbound): Promise<Reply> {
    if (seen.has(inbound.deliveryId)) {
      return no(refusal('command.duplicate', 'This was handled already.', ''));
    }
    seen.add(inbound.deliveryId);
    const by = everybody.find(({ person }) => person === inbound.account.user) ?? signalbox;
    return run(inbound, by);
  }

  return {
    commands: descriptors,
    handle,
    accept: async (inbound) => {
      const fresh = !seen.has(inbound.deliveryId);
      await handle(inbound);
      return { fresh };
    },
    complete: async ({ kind, prefix }) =>
      candidates(kind)
        .filter(({ value }) => value.startsWith(prefix))
        .slice(0, 25),
  };

  function candidates(
    kind: FieldKind,
  ): readonly { readonly value: string; readonly label: string }[] {
    switch (kind) {
      case 'service':
        return Object.entries(townSettings.services).map(([value, { description }]) => ({
          value,
          label: description,
        }));
      case 'environment':
        return Object.keys(townSettings.environments).map((value) => ({ value, label: '' }));
      case 'version':
        return ['v3', 'v2', 'v1'].map((value, index) => ({
          value,
          label: index === 2 ? 'live' : 'built today',
        }));
      case 'rollout':
        return town.states().map(({ id, artifact }) => ({ value: id, label: artifact.version }));
      default:
        return [];
    }
  }
}

/** Knows one code, made by somebody on another platform. */
function joins(by: Actor, [code, , person]: readonly string[]): Reply {
  if (code !== 'code-from-elsewhere') {
    return no(
      refusal('link.expired', 'The link has expired or was already used.', 'Make another.'),
    );
  }
  const elsewhere = 'ada@chat.example';
  if (person !== undefined) return says(view('Linked', `${elsewhere} is ${by.displayName}.`));
  const offer = view('Are both accounts yours?', `${elsewhere} and ${by.displayName} become one.`);
  return { ...says(offer), data: { person: by.person } };
}

function mayNotApprove(by: Actor, requester: Actor): Refusal | null {
  if (by.person === requester.person) {
    return refusal(
      'approval.self',
      'You requested this release yourself.',
      'Ask Grace Hopper or Linus Pauling: they hold the role approver.',
    );
  }
  if (by.person === 'grace' || by.person === 'linus') return null;
  return refusal('access.missing_role', 'Only approvers may approve.', 'Ask an approver.');
}

function commandOf(name: string, by: Actor, reason: string, hash: string | null): RolloutCommand {
  switch (name) {
    case 'abort':
      return {
        kind: 'abort',
        by,
        cause: { kind: 'person', detail: `${by.displayName} asked for it.` },
      };
    case 'stop-rollback':
      return { kind: 'stop-rollback', by, reason };
    case 'deny':
      return { kind: 'deny', by, hash, comment: reason };
    default:
      return { kind: 'pause', by, reason };
  }
}

function no(refused: Refusal): Reply {
  return {
    visibility: 'private',
    view: refusalView(refused),
    refusal: refused,
    rollout: null,
    data: null,
  };
}

function says(shown: View): Reply {
  return { visibility: 'private', view: shown, refusal: null, rollout: null, data: null };
}

function view(title: string, text: string): View {
  return { tone: 'success', title, summary: text, blocks: [{ kind: 'text', line: [text] }] };
}

function field(name: string, kind: FieldKind) {
  return { name, kind, summary: `The ${name}.`, required: true };
}

function command(
  name: string,
  summary: string,
  fields: CommandDescriptor['fields'],
): CommandDescriptor {
  return { name, summary, permission: 'view', fields, examples: [name] };
}
