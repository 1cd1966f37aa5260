import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { Chart, View } from '#core/message.ts';
import type { ChartPainter } from '#ports/chart-painter.ts';
import type { Log } from '#ports/log.ts';
import type { Installation } from './installations.ts';

/** Charts as files in a workspace that draws none of its own. */
export interface Pictures {
  /** The file of each chart of a view, at most two; without those that could not be drawn or sent. */
  of(installation: Installation, view: View): Promise<ReadonlyMap<Chart, string>>;
  /** The message now shows these files: what it showed before is deleted. */
  shown(installation: Installation, message: string, files: Iterable<string>): void;
}

const Ticket = z.object({ upload_url: z.url(), file_id: z.string() });
const Info = z.object({ file: z.object({ mimetype: z.string().default('') }) });

/** Slack refuses more charts than this in a message, so no more are drawn. */
const picturesMax = 2;
const rememberedMax = 500;
/** Slack looks through a file before a message may show it: asked this often, this many times. */
const askEveryMs = 150;
const asksMax = 20;

/** The same chart is sent once. `api`: where files may be sent besides Slack's own hosts. */
export function createPictures(parts: {
  readonly painter: ChartPainter;
  readonly api: string;
  readonly log: Log;
}): Pictures {
  const { painter, log } = parts;
  const files = new Map<string, Promise<string>>();
  const onMessages = new Map<string, ReadonlySet<string>>();

  async function upload({ clients }: Installation, chart: Chart): Promise<string> {
    const png = await painter(chart);
    const ticket = Ticket.parse(
      await clients.write.apiCall('files.getUploadURLExternal', {
        filename: 'chart.png',
        length: png.byteLength,
        alt_txt: altText(chart),
      }),
    );
    if (!isUploadUrl(ticket.upload_url, parts.api)) throw new Error('Not an address of Slack');
    const sent = await fetch(ticket.upload_url, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(png),
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    });
    await sent.body?.cancel();
    if (!sent.ok) throw new Error(`The upload was answered with ${sent.status}`);
    const { file_id: id } = ticket;
    const named = JSON.stringify([{ id, title: chart.title.slice(0, 100) || 'Chart' }]);
    await clients.write.apiCall('files.completeUploadExternal', { files: named });
    for (let asked = 0; asked < asksMax; asked += 1) {
      const { file } = Info.parse(await clients.reads.show('files.info', { file: id }));
      if (file.mimetype !== '') return id;
      await setTimeout(askEveryMs);
    }
    throw new Error('Slack has not looked through the file in time');
  }

  function fileOf(installation: Installation, chart: Chart): Promise<string> {
    const text = `${installation.tenant} ${JSON.stringify(chart)}`;
    const key = createHash('sha256').update(text).digest('hex');
    const known = files.get(key);
    if (known !== undefined) return known;
    const made = upload(installation, chart).catch((error: unknown) => {
      files.delete(key);
      throw error;
    });
    files.set(key, made);
    forgetOldest(files);
    return made;
  }

  return {
    async of(installation, view) {
      const charts = view.blocks
        .flatMap((block) => (block.kind === 'chart' ? [block.chart] : []))
        .slice(0, picturesMax);
      const made = new Map<Chart, string>();
      for (const chart of charts) {
        try {
          made.set(chart, await fileOf(installation, chart));
        } catch (error) {
          log.warn('A chart could not become a picture; it becomes a table', { error });
        }
      }
      return made;
    },
    shown(installation, message, now) {
      const key = `${installation.tenant} ${message}`;
      const current = new Set(now);
      for (const file of onMessages.get(key) ?? []) {
        if (current.has(file)) continue;
        installation.clients.write
          .apiCall('files.delete', { file })
          .catch((error: unknown) => log.debug('An old picture stays', { error }));
      }
      if (current.size === 0) onMessages.delete(key);
      else onMessages.set(key, current);
      forgetOldest(onMessages);
    },
  };
}

/** What a screen reader says in place of the picture. */
export function altText({ title, series }: Chart): string {
  const latest = series.flatMap(({ name, points }) => {
    const last = points.at(-1);
    return last === undefined ? [] : [`${name} ${Number(last.value.toPrecision(3))}`];
  });
  return `${title}: ${latest.join(', ')}`.slice(0, 1_000);
}

function isUploadUrl(url: string, api: string): boolean {
  const given = new URL(url);
  if (given.username !== '' || given.password !== '') return false;
  if (given.origin === new URL(api).origin) return true;
  return given.protocol === 'https:' && /(?:^|\.)slack(?:-gov)?\.com$/.test(given.hostname);
}

function forgetOldest(map: Map<string, unknown>): void {
  const [oldest] = map.keys();
  if (map.size > rememberedMax && oldest !== undefined) map.delete(oldest);
}
