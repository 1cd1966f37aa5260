import { audit } from './audit-door.ts';
import { checkConfig } from './check-config.ts';
import { commandLine } from './command-line.ts';
import { discord, doctorDiscord } from './discord-door.ts';
import type { Door } from './door.ts';
import { figuresDoor } from './figures-door.ts';
import { judgeDoor } from './judge-door.ts';
import { makeApiToken } from './make-api-token.ts';
import { doctorMetrics } from './metrics-door.ts';
import { migrateDatabase } from './migrate-database.ts';
import { runForever } from './run-forever.ts';
import { doctor, slack } from './slack-door.ts';

const version = '0.1.0';

/** All subcommands, one entry each. */
export const doors: readonly Door[] = [
  {
    names: ['start'],
    usage: 'start',
    summary: 'Console, chat and worker in one process: what npm start runs.',
    run: () => runForever({ serve: true, work: true }),
  },
  {
    names: ['serve'],
    usage: 'serve',
    summary: 'Console, chat and commands only; releases are worked on elsewhere.',
    run: () => runForever({ serve: true, work: false }),
  },
  {
    names: ['work'],
    usage: 'work',
    summary: 'Works on releases; people talk to other processes.',
    run: () => runForever({ serve: false, work: true }),
  },
  {
    names: ['migrate'],
    usage: 'migrate',
    summary: 'Brings the database to the present schema.',
    run: migrateDatabase,
  },
  {
    names: ['audit'],
    usage: 'audit verify | export | prove N | key | accept',
    summary: 'Proves that the history is complete and unaltered.',
    run: audit,
  },
  {
    names: ['slack'],
    usage: 'slack manifest',
    summary: 'The app manifest to paste at api.slack.com, made from the commands.',
    run: slack,
  },
  {
    names: ['discord'],
    usage: 'discord register',
    summary: 'Makes the slash command known to every Discord server of the settings.',
    run: discord,
  },
  {
    names: ['doctor'],
    usage: 'doctor slack | discord | metrics [SOURCE]',
    summary:
      'Asks a chat platform, or every metric, about what the settings rely on; says what to fix.',
    run(words) {
      if (words[0] === 'metrics') return doctorMetrics(words.slice(1));
      return words[0] === 'discord' ? doctorDiscord() : doctor(words);
    },
  },
  {
    names: ['check-config'],
    usage: 'check-config',
    summary: 'Reads environment and settings and names every problem.',
    run: checkConfig,
  },
  {
    names: ['token'],
    usage: 'token USER',
    summary: 'Makes a token for a console user, and the line that lets the server know it.',
    run: makeApiToken,
  },
  {
    names: ['judge'],
    usage: 'judge replay | backtest | calibrate | import',
    summary: 'Judges past releases again, measures false alarms, reads other tools’ analyses.',
    run: judgeDoor,
  },
  {
    names: ['figures'],
    usage: 'figures',
    summary: 'The figures of releasing as JSON, or as CSV with --csv or --releases.',
    run: figuresDoor,
  },
  ...commandLine,
  {
    names: ['help', '--help', '-h'],
    usage: 'help',
    summary: 'This list.',
    run: async () => {
      process.stdout.write(helpText());
      return 0;
    },
  },
  {
    names: ['version', '--version'],
    usage: 'version',
    summary: 'The version.',
    run: async () => {
      process.stdout.write(`${version}\n`);
      return 0;
    },
  },
];

function helpText(): string {
  const width = Math.max(...doors.map(({ usage }) => usage.length));
  const lines = doors.map(({ usage, summary }) => `  signalbox ${usage.padEnd(width)}  ${summary}`);
  return `Signalbox ${version}\n\n${lines.join('\n')}\n`;
}
