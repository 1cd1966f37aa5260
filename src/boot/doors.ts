import { commandLine } from './command-line.ts';
import type { Door } from './door.ts';
import type { Parts } from './start.ts';

const version = '0.1.0';

/** All subcommands, one entry each. What one needs is loaded when it runs: the others start quickly. */
export const doors: readonly Door[] = [
  {
    names: ['start'],
    usage: 'start',
    summary: 'Console, chat and worker in one process: what npm start runs.',
    run: () => forever({ serve: true, work: true }),
  },
  {
    names: ['serve'],
    usage: 'serve',
    summary: 'Console, chat and commands only; releases are worked on elsewhere.',
    run: () => forever({ serve: true, work: false }),
  },
  {
    names: ['work'],
    usage: 'work',
    summary: 'Works on releases; people talk to other processes.',
    run: () => forever({ serve: false, work: true }),
  },
  {
    names: ['migrate'],
    usage: 'migrate',
    summary: 'Brings the database to the present schema.',
    run: async () => (await import('./migrate-database.ts')).migrateDatabase(),
  },
  {
    names: ['audit'],
    usage: 'audit verify | export | prove N | key | accept',
    summary: 'Proves that the history is complete and unaltered.',
    run: async (words) => (await import('./audit-door.ts')).audit(words),
  },
  {
    names: ['slack'],
    usage: 'slack manifest',
    summary: 'The app manifest to paste at api.slack.com, made from the commands.',
    run: async (words) => (await import('./slack-door.ts')).slack(words),
  },
  {
    names: ['discord'],
    usage: 'discord register',
    summary: 'Makes the slash command known to every Discord server of the settings.',
    run: async (words) => (await import('./discord-door.ts')).discord(words),
  },
  {
    names: ['doctor'],
    usage: 'doctor slack | discord | metrics [SOURCE]',
    summary:
      'Asks a chat platform, or every metric, about what the settings rely on; says what to fix.',
    async run(words) {
      const [subject, ...rest] = words;
      if (subject === 'metrics') return (await import('./metrics-door.ts')).doctorMetrics(rest);
      if (subject === 'discord') return (await import('./discord-door.ts')).doctorDiscord();
      return (await import('./slack-door.ts')).doctor(words);
    },
  },
  {
    names: ['check-config'],
    usage: 'check-config',
    summary: 'Reads environment and settings and names every problem.',
    run: async () => (await import('./check-config.ts')).checkConfig(),
  },
  {
    names: ['token'],
    usage: 'token USER',
    summary: 'Makes a token for a console user, and the line that lets the server know it.',
    run: async (words) => (await import('./make-api-token.ts')).makeApiToken(words),
  },
  {
    names: ['judge'],
    usage: 'judge replay | backtest | calibrate | import',
    summary: 'Judges past releases again, measures false alarms, reads other tools’ analyses.',
    run: async (words) => (await import('./judge-door.ts')).judgeDoor(words),
  },
  {
    names: ['figures'],
    usage: 'figures',
    summary: 'The figures of releasing as JSON, or as CSV with --csv or --releases.',
    run: async (words) => (await import('./figures-door.ts')).figuresDoor(words),
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

async function forever(parts: Parts): Promise<number> {
  return (await import('./run-forever.ts')).runForever(parts);
}

function helpText(): string {
  const width = Math.max(...doors.map(({ usage }) => usage.length));
  const lines = doors.map(({ usage, summary }) => `  signalbox ${usage.padEnd(width)}  ${summary}`);
  return `Signalbox ${version}\n\n${lines.join('\n')}\n`;
}
