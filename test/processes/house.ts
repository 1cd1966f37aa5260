import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RolloutState } from '#core/rollout/state.ts';
import { type Place, run, type Said, until } from './signalbox.ts';

export const people = ['ada', 'grace', 'linus'] as const;
type Person = (typeof people)[number];
export const tokenOf = (person: Person): string => `sbx_${person.repeat(8)}`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What a server answered to a command. */
interface Answer {
  readonly refusal: { readonly code: string } | null;
  readonly rollout?: string | null;
}

/** Somebody at the keyboard of a place where Signalbox runs. */
export interface House extends Place {
  /** By the command line, a process of its own. */
  type(person: Person, ...words: readonly string[]): Promise<Said>;
  /** By the interface that the command line uses, which is quicker. @throws when nobody answers */
  say(person: Person, text: string): Promise<Answer>;
  /** A rollout as the server shows it; null when nobody answers. */
  see(rollout: string): Promise<RolloutState | null>;
  /** The kinds of a rollout's events, in order. */
  events(rollout: string): Promise<readonly string[]>;
  /** Waits for a phase. Where a slow machine left too few data, it is told to go on. */
  reaches(rollout: string, phase: RolloutState['phase']): Promise<void>;
  /** Asks for a release, and has it approved as soon as it is planned. */
  deploy(service: string, version: string): Promise<string>;
  remove(): void;
}

/** A folder with settings, and the tokens of its people. `url`: who is asked, now. */
export function openHouse(
  settings: string,
  env: Readonly<Record<string, string>>,
  url: () => string,
): House {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-house-'));
  writeFileSync(join(folder, 'signalbox.yaml'), settings);
  const tokens = people.map((person) => `${person}:${sha256(tokenOf(person))}`).join('\n');
  const place: Place = { folder, env: { ...env, SIGNALBOX_API_TOKENS: tokens } };

  async function ask<T>(person: Person, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url()}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${tokenOf(person)}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const answer: T = JSON.parse(await response.text());
    return answer;
  }

  const say: House['say'] = (person, text) =>
    ask(person, '/api/commands', { id: randomUUID(), text });
  const see: House['see'] = async (rollout) => {
    try {
      const { state } = await ask<{ state?: RolloutState }>('ada', `/api/rollouts/${rollout}`);
      return state ?? null;
    } catch {
      return null;
    }
  };
  return {
    ...place,
    say,
    see,
    type(person, ...words) {
      const own = { SIGNALBOX_TOKEN: tokenOf(person), SIGNALBOX_URL: url() };
      return run({ folder, env: { ...place.env, ...own } }, 'release', ...words);
    },
    async events(rollout) {
      const path = `/api/rollouts/${rollout}`;
      const { events } = await ask<{ events: readonly { readonly kind: string }[] }>('ada', path);
      return events.map(({ kind }) => kind);
    },
    async reaches(rollout, phase) {
      await until(`${rollout} to be ${phase}`, async () => {
        const state = await see(rollout);
        if (state?.phase === 'stuck') throw new Error(`${rollout} is stuck: ${state.stuck}`);
        const starved = ['low_traffic', 'inconclusive'].includes(state?.pause?.reason ?? '');
        if (state?.phase === 'paused' && starved) await say('linus', `resume ${rollout}`);
        return state?.phase === phase;
      });
    },
    async deploy(service, version) {
      const { rollout, refusal } = await say('ada', `deploy ${service} ${version}`);
      if (rollout == null) throw new Error(`It was refused: ${refusal?.code}`);
      await until(`a plan of ${rollout}`, async () => (await see(rollout))?.phase === 'waiting');
      const approved = await say('grace', `approve ${rollout}`);
      if (approved.refusal !== null) throw new Error(`Not approved: ${approved.refusal.code}`);
      return rollout;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
