/** `trigger_id`s: three seconds, once. */
export interface Triggers {
  issue(): string;
  use(id: string): 'ok' | 'expired_trigger_id' | 'exchanged_trigger_id' | 'invalid_trigger_id';
  /** Lets every trigger and response address that was issued so far run out. */
  expireAll(): void;
  /** A `response_url` of a person in a channel: five uses within half an hour. */
  issueUrl(base: string, to: Addressee): string;
  useUrl(path: string): Addressee | 'expired_url' | 'used_url';
}

export interface Addressee {
  readonly user: string;
  readonly channel: string;
}

const triggerLifeMs = 3_000;
const urlLifeMs = 30 * 60_000;
const urlUses = 5;

export function createTriggers(): Triggers {
  const triggers = new Map<string, { until: number; used: boolean }>();
  const urls = new Map<string, { readonly to: Addressee; until: number; left: number }>();
  let count = 0;
  return {
    issue() {
      count += 1;
      const id = `trigger.${count}`;
      triggers.set(id, { until: performance.now() + triggerLifeMs, used: false });
      return id;
    },
    use(id) {
      const trigger = triggers.get(id);
      if (trigger === undefined) return 'invalid_trigger_id';
      if (trigger.used) return 'exchanged_trigger_id';
      if (trigger.until < performance.now()) return 'expired_trigger_id';
      trigger.used = true;
      return 'ok';
    },
    expireAll() {
      for (const trigger of triggers.values()) trigger.until = 0;
      for (const url of urls.values()) url.until = 0;
    },
    issueUrl(base, to) {
      count += 1;
      const path = `/respond/${count}`;
      urls.set(path, { to, until: performance.now() + urlLifeMs, left: urlUses });
      return `${base}${path}`;
    },
    useUrl(path) {
      const url = urls.get(path);
      if (url === undefined || url.until < performance.now()) return 'expired_url';
      if (url.left === 0) return 'used_url';
      url.left -= 1;
      return url.to;
    },
  };
}
