/** What a route says. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const nothing: Answer = { status: 204 };
export const failed = (status: number, code: number, message: string): Answer => ({
  status,
  body: { code, message },
});
