/** Somebody with cookies who follows redirects and fills in forms, as a browser would. */
export interface Wanderer {
  get(url: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  post(url: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Follows redirects and submits forms, with these values, until a page without a form. */
  wander(url: string, values: Readonly<Record<string, string>>): Promise<Response>;
  cookie(name: string): string | undefined;
  forget(name: string): void;
}

export function createWanderer(): Wanderer {
  const jars = new Map<string, Map<string, string>>();

  function jar(url: string): Map<string, string> {
    const { host } = new URL(url);
    const found = jars.get(host) ?? new Map<string, string>();
    jars.set(host, found);
    return found;
  }

  async function request(url: string, init: RequestInit): Promise<Response> {
    const cookies = [...jar(url)].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...Object.fromEntries(new Headers(init.headers)), cookie: cookies };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) jar(url).delete(name);
      else jar(url).set(name, value);
    }
    return response;
  }

  return {
    get: (url, headers = {}) => request(url, { headers }),
    post: (url, body, headers = {}) =>
      request(url, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    async wander(url, values) {
      let at = url;
      let response = await request(at, {});
      for (let hop = 0; hop < 20; hop += 1) {
        const location = response.headers.get('location');
        if (location !== null) {
          at = new URL(location, at).href;
          response = await request(at, {});
          continue;
        }
        const html = await response.clone().text();
        const action = /<form[^>]*action="([^"]+)"/.exec(html)?.[1];
        if (action === undefined) return response;
        const prompt = /name="prompt" value="([^"]+)"/.exec(html)?.[1] ?? '';
        at = new URL(action, at).href;
        response = await request(at, {
          method: 'POST',
          body: new URLSearchParams({ prompt, ...values }),
        });
      }
      throw new Error('Wandered too far');
    },
    cookie: (name) => [...jars.values()].find((one) => one.has(name))?.get(name),
    forget: (name) => {
      for (const one of jars.values()) one.delete(name);
    },
  };
}
