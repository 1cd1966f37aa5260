/** A freeze's scope from its parts: everything, a service, an environment, or one place. */
export function freezeScope(service: string | null, environment: string | null): string {
  if (service === null) return environment ?? '*';
  return `${service}/${environment ?? '*'}`;
}

/** The parts of a freeze's scope. */
export function freezePlace(scope: string): {
  readonly service: string | null;
  readonly environment: string | null;
} {
  if (scope === '*') return { service: null, environment: null };
  const [first = '', second] = scope.split('/');
  if (second === undefined) return { service: null, environment: first };
  return { service: first, environment: second === '*' ? null : second };
}

/** A freeze's scope as people say it. */
export function freezeWords(scope: string): string {
  const { service, environment } = freezePlace(scope);
  if (service === null) return environment ?? 'everything';
  return environment === null ? service : `${service} in ${environment}`;
}
