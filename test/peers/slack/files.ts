import { isJson } from './seen.ts';
import type { Json, PeerState } from './state.ts';

type Args = Readonly<Record<string, string>>;
type Answer = Json & { readonly ok: boolean };

/** Slack looks through a file before a message may show it: known after this many questions. */
const asksUntilSeen = 2;

/** The methods about files: an address to send to, the completion, and what became of it. */
export function fileMethods(
  state: PeerState,
  rules: { readonly files: boolean; readonly base: () => string },
): Readonly<Record<string, (args: Args) => Answer>> {
  const no = (error: string): Answer => ({ ok: false, error });
  return {
    'files.getUploadURLExternal'(args) {
      const length = Number(args['length']);
      if (!rules.files) return no('file_uploads_disabled');
      if (!(length > 0) || (args['filename'] ?? '') === '') return no('invalid_arguments');
      const id = `F${state.files.size + 1}`;
      const file = { id, length, bytes: null, completed: false, asked: 0, deleted: false };
      state.files.set(id, file);
      return { ok: true, upload_url: `${rules.base()}/upload/${id}`, file_id: id };
    },
    'files.completeUploadExternal'(args) {
      const given: unknown = JSON.parse(args['files'] ?? 'null');
      if (!Array.isArray(given)) return no('invalid_arguments');
      for (const one of given) {
        const file = isJson(one) ? state.files.get(String(one['id'])) : undefined;
        if (file === undefined || file.bytes === null) return no('file_not_found');
        file.completed = true;
      }
      return { ok: true, files: given };
    },
    'files.info'(args) {
      const file = state.files.get(args['file'] ?? '');
      if (file?.completed !== true || file.deleted) return no('file_not_found');
      file.asked += 1;
      return {
        ok: true,
        file: { id: file.id, mimetype: isSeen(state, file.id) ? 'image/png' : '' },
      };
    },
    'files.delete'(args) {
      const file = state.files.get(args['file'] ?? '');
      if (file === undefined || file.deleted) return no('file_not_found');
      file.deleted = true;
      return { ok: true };
    },
  };
}

/** What arrives at an upload address; returns the status of the answer. */
export function takeUpload(state: PeerState, path: string, bytes: Uint8Array): number {
  const file = state.files.get(path.replace('/upload/', ''));
  if (file === undefined) return 404;
  if (bytes.byteLength !== file.length) return 400;
  file.bytes = bytes;
  return 200;
}

/** Whether a message may show the file. */
export function isSeen(state: PeerState, id: string): boolean {
  const file = state.files.get(id);
  return file?.completed === true && !file.deleted && file.asked >= asksUntilSeen;
}

/** Whether every file that blocks show may be shown. */
export function filesSeen(state: PeerState, blocks: string): boolean {
  const ids = [...blocks.matchAll(/"slack_file":\{"id":"([^"]+)"/g)];
  return ids.every(([, id]) => isSeen(state, id ?? ''));
}
