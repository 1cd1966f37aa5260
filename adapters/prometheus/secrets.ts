/** Secrets of Prometheus, as the environment gives them; a source may name files instead. */
export interface PrometheusSecrets {
  readonly token: string | null;
  readonly password: string | null;
}

interface Hidden {
  reveal(): string;
}

/** Reads the secrets. */
export function prometheusSecrets(environment: {
  readonly SIGNALBOX_PROMETHEUS_TOKEN?: Hidden | undefined;
  readonly SIGNALBOX_PROMETHEUS_PASSWORD?: Hidden | undefined;
}): PrometheusSecrets {
  return {
    token: environment.SIGNALBOX_PROMETHEUS_TOKEN?.reveal() ?? null,
    password: environment.SIGNALBOX_PROMETHEUS_PASSWORD?.reveal() ?? null,
  };
}
