import type { CommandDescriptor } from '#core/command.ts';
import type { SlackOptions } from './options.ts';
import { cut } from './plain-text.ts';
import type { Json } from './rich-text.ts';

/** Every scope that Signalbox asks for, and what for. */
export const scopeReasons: Readonly<Record<string, string>> = {
  commands: 'the slash command and the message shortcut',
  'chat:write': 'cards, answers and direct messages',
  'app_mentions:read': 'commands in threads, where slash commands do not work',
  'channels:read': 'to see that a channel is public, so that it grants nothing',
  'groups:read': 'members of the private channels that grant roles',
  'channels:history': 'to find a card again after an unclear answer',
  'groups:history': 'the same in private channels',
  'im:history': 'the same in direct messages',
  'files:write': 'charts as pictures where the workspace draws none',
  'files:read': 'to see that such a picture may be shown',
  'im:write': 'to open direct messages to approvers and requesters',
  'users:read': 'guests, bots, deactivated and external accounts do not count',
  'usergroups:read': 'user groups as a source of roles',
  'links:read': 'to notice links to release pages',
  'links:write': 'to show a release under its link',
};

/** Those that a token lacks; none while Slack does not say which it has. */
export function missingScopes(granted: readonly string[] | undefined): readonly string[] {
  if (granted === undefined) return [];
  return Object.keys(scopeReasons).filter((scope) => !granted.includes(scope));
}

const events = [
  'app_mention',
  'app_home_opened',
  'member_joined_channel',
  'member_left_channel',
  'subteam_members_changed',
  'subteam_updated',
  'user_change',
  'channel_shared',
  'channel_unshared',
  'channel_archive',
  'group_archive',
  'group_left',
  'link_shared',
];

/** The app manifest (docs.slack.dev/reference/app-manifest) for these commands and this transport. */
export function manifest(parts: {
  readonly commands: readonly CommandDescriptor[];
  readonly command: string;
  /** Where people and, over HTTP, Slack reach Signalbox; over HTTP it has to be there. */
  readonly publicUrl: string | null;
  readonly options: Pick<SlackOptions, 'transport' | 'path'>;
}): Json {
  const { options, command, commands } = parts;
  const socket = options.transport === 'socket';
  const base = parts.publicUrl?.replace(/\/$/, '') ?? null;
  const url = socket ? {} : { url: `${base}${options.path}` };
  const request = socket ? {} : { request_url: `${base}${options.path}` };
  const names = commands.map(({ name }) => name).join(' | ');
  return {
    display_information: {
      name: 'Signalbox',
      description: 'Releases: ask, approve, watch the canary and roll back, in one thread.',
      background_color: '#14323f',
    },
    features: {
      app_home: {
        home_tab_enabled: true,
        messages_tab_enabled: true,
        messages_tab_read_only_enabled: true,
      },
      bot_user: { display_name: 'signalbox', always_online: true },
      slash_commands: [
        {
          command: cut(`/${command}`, 32),
          description: 'Releases: deploy, approve, promote, roll back.',
          usage_hint: cut(names, 1_000),
          should_escape: true,
          ...url,
        },
      ],
      shortcuts: [
        {
          name: 'Run a release command',
          type: 'message',
          callback_id: 'signalbox_command',
          description: 'Runs a command in the thread of this message',
        },
      ],
      ...(base === null ? {} : { unfurl_domains: [new URL(base).hostname] }),
    },
    oauth_config: { scopes: { bot: Object.keys(scopeReasons) } },
    settings: {
      event_subscriptions: {
        ...request,
        // Without an address there are no links of ours to show.
        bot_events: events.filter((event) => base !== null || event !== 'link_shared'),
      },
      interactivity: {
        is_enabled: true,
        ...request,
        ...(socket ? {} : { message_menu_options_url: `${base}${options.path}` }),
      },
      org_deploy_enabled: true,
      socket_mode_enabled: socket,
      token_rotation_enabled: false,
    },
  };
}
