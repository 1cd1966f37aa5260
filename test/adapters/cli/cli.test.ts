import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Release } from '#adapters/cli/client.ts';
import { type CliIo, exitCodes, runCli } from '#adapters/cli/index.ts';
import { commandText, readInvocation } from '#adapters/cli/invocation.ts';
import { createDisplay } from '#adapters/cli/live-display.ts';
import { trusted } from '#adapters/cli/trust-boundary.ts';
import { releaseCard } from '#core/cards/release-card.ts';
import { signalbox } from '#core/people.ts';
import { start, states } from '../../core/cards/a-rollout.ts';
import { ada, grace } from '../console/town/people.ts';
import { createStory, type Story } from '../console/town/story.ts';
import { createTown, createTownClock, type Town } from '../console/town/town.ts';
import { createTownGateway } from '../console/town/town-gateway.ts';
import { createTownReader } from '../console/town/town-reader.ts';

describe('the command line', () => {
  let town: Town;
  let story: Story;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-cli-'));
    town = createTown(createTownClock(Date.UTC(2026, 10, 21, 9)), { stateDirectory: folder });
    story = createStory(town);
    await town.console.start(createTownGateway(town, story), createTownReader(town));
  });
  afterAll(() => town.console.close());

  /** Runs it in a folder where the demo has left its address and tokens. */
  function run(words: string, env: Readonly<Record<string, string>> = {}, terminal = false) {
    const said = { out: '', err: '' };
    const stop = new AbortController();
    const io: CliIo = {
      out: (text) => {
        said.out += text;
      },
      err: (text) => {
        said.err += text;
      },
      terminal,
      columns: 100,
      rows: 24,
      zone: 'UTC',
      readFile: (path) =>
        path === '.signalbox/console.json' || path === '/elsewhere/console.json'
          ? readFile(join(folder, 'console.json'), 'utf8').catch(() => null)
          : Promise.resolve(null),
      signal: stop.signal,
    };
    const code = runCli(words.split(' '), env, io);
    return { code, said, stop };
  }

  it('prints what the chat would say', async () => {
    const { code, said } = run('release status');
    expect(await code).toBe(exitCodes.done);
    expect(said.out).toContain('shop v1 runs in production.');
    expect(said.err).toBe('');
  });

  it('finds the demo whose data folder is named', async () => {
    const found = run('release status', { SIGNALBOX_DATA: '/elsewhere' });
    expect(await found.code).toBe(exitCodes.done);
    const lost = run('release status', { SIGNALBOX_DATA: '/nowhere' });
    expect(await lost.code).toBe(exitCodes.trouble);
    expect(lost.said.err).toContain('SIGNALBOX_URL');
  });

  it('says a refusal on the other channel, with its code, and exits with 2', async () => {
    const { code, said } = run('release deploy nope v2');
    expect(await code).toBe(exitCodes.refused);
    expect(said.out).toBe('');
    expect(said.err).toContain('There is no service nope.');
    expect(said.err).toContain('service.unknown');
  });

  it('gives the whole answer to programs', async () => {
    const { code, said } = run('release deploy nope v2 --json');
    expect(await code).toBe(exitCodes.refused);
    expect(JSON.parse(said.out)).toMatchObject({ refusal: { code: 'service.unknown' } });
  });

  it('shows the board', async () => {
    const plain = run('board');
    expect(await plain.code).toBe(exitCodes.done);
    expect(plain.said.out).toMatch(/search\s+production\s+v1/);
    const json = run('board --json');
    await json.code;
    expect(JSON.parse(json.said.out).environments).toEqual(['staging', 'production']);
  });

  it('acts as the persona that was named, and says who there is', async () => {
    await run('release deploy search v2 --as grace').code;
    expect(town.states()[0]?.requester.person).toBe('grace');
    await run('release deploy search v3', { SIGNALBOX_PERSONA: 'mary' }).code;
    expect(town.states()[0]?.requester.person).toBe('mary');
    const unknown = run('release status --as nobody');
    expect(await unknown.code).toBe(exitCodes.trouble);
    expect(unknown.said.err).toContain('ada, grace, linus, mary');
  });

  it.each([
    ['succeeded', exitCodes.done],
    ['rolled_back', exitCodes.rolledBack],
    ['cancelled', exitCodes.refused],
    ['paused', exitCodes.needsPerson],
  ] as const)('watches until it has %s, and exits accordingly', async (end, code) => {
    const { code: exit, said } = run('release deploy shop v2 --watch');
    const id = await newest('shop');
    await story.approve(id, grace);
    await story.advance(id);
    await story.look(id);
    if (end === 'succeeded') {
      await story.finishStep(id);
      await story.advance(id);
      await story.finishStep(id);
      await story.advance(id);
    }
    const cause = { kind: 'person', detail: 'Ada asked for it.' } as const;
    if (end === 'rolled_back') {
      await town.record(id, ada, [{ kind: 'abort.begun', cause, by: ada }]);
      await town.record(id, signalbox, [{ kind: 'rollout.rolled_back', to: null }]);
    }
    if (end === 'paused') {
      await town.record(id, ada, [
        { kind: 'rollout.paused', reason: 'operator', detail: 'lunch', by: ada },
      ]);
    }
    if (end === 'cancelled') {
      await town.record(id, ada, [{ kind: 'rollout.cancelled', by: ada, reason: 'no' }]);
    }
    expect(await exit).toBe(code);
    expect(said.out).toContain(`${id}: `);
  });

  it('draws one live display over itself for people, and one answer for programs', async () => {
    const people = run('release deploy checkout v2 --watch', {}, true);
    const id = await newest('checkout');
    await until(() => people.said.out.includes('Waiting for approval'));
    await town.record(id, ada, [{ kind: 'rollout.cancelled', by: ada, reason: 'no' }]);
    expect(await people.code).toBe(exitCodes.refused);
    const esc = String.fromCharCode(27);
    const drawn = people.said.out.split(`${esc}[J`);
    expect(people.said.out).toContain(`A${esc}[J`);
    expect(drawn.length).toBeGreaterThan(1);
    expect(drawn.at(-1)).toContain('Cancelled');
    expect(drawn.at(-1)).not.toContain('Waiting for approval');

    const programs = run('release deploy checkout v3 --watch --json');
    const next = await newest('checkout');
    await town.record(next, ada, [{ kind: 'rollout.cancelled', by: ada, reason: 'no' }]);
    expect(await programs.code).toBe(exitCodes.refused);
    expect(JSON.parse(programs.said.out)).toMatchObject({ id: next, phase: 'cancelled' });
  });

  it('draws no more than the window holds, and measures a window that became narrower', () => {
    const out: string[] = [];
    const window = { columns: 40, rows: 8 };
    const io = {
      ...{ out: (text: string) => out.push(text), err: () => undefined, zone: 'UTC' },
      ...{ terminal: true, readFile: async () => null, signal: new AbortController().signal },
      get columns() {
        return window.columns;
      },
      get rows() {
        return window.rows;
      },
    };
    const display = createDisplay(readInvocation(['--no-color']), io);
    const context = { now: start, tokenOf: () => 't', consoleUrl: null, command: 'release' };
    const release = trusted<Release>({
      state: states.progressing,
      card: releaseCard(states.progressing, context),
    });
    const esc = String.fromCharCode(27);
    display.show(release);
    expect(out.at(-1)?.split('\n')).toHaveLength(window.rows);
    display.show(release);
    expect(out.at(-1)).toContain(`${esc}[7A${esc}[J`);
    window.rows = 50;
    display.show(release);
    const height = (out.at(-1)?.split('\n').length ?? 0) - 1;
    expect(height).toBeGreaterThan(15);
    window.columns = 24;
    display.show(release);
    const up = Number(new RegExp(`${esc}\\[(\\d+)A`).exec(out.at(-1) ?? '')?.[1]);
    expect(up).toBeGreaterThan(height);
    display.end(release);
    expect(out.at(-1)).toContain('shop-12');
  });

  it('goes on watching when the server was away for a moment', async () => {
    const { code, said } = run('release deploy checkout v2 --watch');
    const id = await newest('checkout');
    const real = globalThis.fetch;
    try {
      globalThis.fetch = () => Promise.reject(new TypeError('fetch failed'));
      await until(() => said.err.includes('Trying again'));
      await town.record(id, ada, [{ kind: 'rollout.cancelled', by: ada, reason: 'no' }]);
    } finally {
      globalThis.fetch = real;
    }
    expect(await code).toBe(exitCodes.refused);
    expect(said.out).toContain('Cancelled');
  });

  it('completes in a real bash, through its script', async () => {
    const { said } = run('completion bash');
    const fake = 'signalbox() { printf "shop\\tThe storefront\\nsearch\\tFinding things\\n"; }';
    const press = 'COMP_WORDS=(signalbox release deploy s); COMP_CWORD=3; _signalbox';
    const script = `${fake}\n${said.out}\n${press}; printf "%s," "\${COMPREPLY[@]}"`;
    const { stdout } = await promisify(execFile)('bash', ['-c', script]);
    expect(stdout).toBe('shop,search,');
  });

  it('stops watching when it is interrupted', async () => {
    const { code, stop } = run('release deploy checkout v2 --watch');
    await newest('checkout');
    stop.abort();
    expect(await code).toBe(exitCodes.interrupted);
  });

  it('says plainly when there is no server', async () => {
    const env = { SIGNALBOX_URL: 'http://127.0.0.1:9', SIGNALBOX_TOKEN: 'sbx_nothing' };
    const { code, said } = run('release status', env);
    expect(await code).toBe(exitCodes.trouble);
    expect(said.err).toBe('Signalbox cannot be reached at http://127.0.0.1:9.\n');
  });

  it('says plainly when the token is not known', async () => {
    const env = { SIGNALBOX_URL: town.console.url(), SIGNALBOX_TOKEN: `sbx_${'x'.repeat(32)}` };
    const { code, said } = run('release status', env);
    expect(await code).toBe(exitCodes.trouble);
    expect(said.err).toContain('access.unauthenticated');
  });

  it.each([
    ['complete -- re', 'release\tRun a command\n'],
    ['complete -- release dep', 'deploy\tRelease a version of a service.\n'],
    ['complete -- release deploy se', 'search\tFinding things\n'],
    ['complete -- release deploy shop v2 to prod', 'production\t\n'],
    ['complete -- completion b', 'bash\t\n'],
  ])('completes %s', async (words, expected) => {
    const { code, said } = run(words);
    expect(await code).toBe(exitCodes.done);
    expect(said.out).toBe(expected);
  });

  it('has scripts for three shells, and refuses others', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { code, said } = run(`completion ${shell}`);
      expect(await code).toBe(exitCodes.done);
      expect(said.out).toContain('signalbox complete --');
    }
    expect(await run('completion tcsh').code).toBe(exitCodes.refused);
  });

  it.each([
    [['deploy', '--help'], 'help deploy'],
    [['-h'], 'help'],
    [['deploy', 'shop', '--reason', '-h'], 'help deploy'],
  ])('answers %j with what chat says to %s', (argv, text) => {
    expect(commandText(readInvocation(argv).words)).toBe(text);
  });

  it('keeps together what the shell kept together', () => {
    const { words, json, as } = readInvocation([
      ...['deploy', 'shop', 'v2', '--as=grace', '--json'],
      ...['--reason', 'it is "fine"', '--reason=two words', ''],
    ]);
    expect({ json, as }).toEqual({ json: true, as: 'grace' });
    expect(commandText(words)).toBe(
      String.raw`deploy shop v2 --reason "it is \"fine\"" --reason="two words" ""`,
    );
  });

  /** Longer than from one look at a release to the next. */
  async function until(holds: () => boolean): Promise<void> {
    for (let turn = 0; turn < 1000; turn += 1) {
      if (holds()) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('It did not come to pass');
  }

  /** The newest rollout of a service that has not started, once there is one. */
  async function newest(service: string): Promise<string> {
    for (let turn = 0; turn < 200; turn += 1) {
      const found = town.states().find((state) => state.service === service);
      if (found?.phase === 'waiting') return found.id;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('Nothing was requested');
  }
});
