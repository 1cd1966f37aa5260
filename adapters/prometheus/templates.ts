import type { Matchers } from './matchers.ts';

/** Where requests, failures and latency of one side are found. Values hold placeholders. */
export interface RedTemplate {
  readonly summary: string;
  /** A counter of requests. */
  readonly requests: string;
  /** Which of them failed. */
  readonly failing: Matchers;
  /** A classic histogram without its ending `_bucket`. */
  readonly latency: { readonly metric: string; readonly unit: 'seconds' | 'milliseconds' };
  /** What tells a side from the other and from everything else. */
  readonly where: Matchers;
  /** Labels that differ in a way that placeholders cannot say. */
  readonly sides?: { readonly stable: Matchers; readonly candidate: Matchers };
}

const failedStatus = { matches: '5..' };

/** The usual metrics of requests, errors and durations, by who counts them. */
export const templates = {
  http: {
    summary: 'Counters in the service itself, as most client libraries are used.',
    requests: 'http_requests_total',
    failing: { code: failedStatus },
    latency: { metric: 'http_request_duration_seconds', unit: 'seconds' },
    where: { service: '{{service}}', version: '{{version}}' },
  },
  'opentelemetry-http': {
    summary: 'OpenTelemetry, semantic conventions for HTTP servers from 1.23 on.',
    requests: 'http_server_request_duration_seconds_count',
    failing: { http_response_status_code: failedStatus },
    latency: { metric: 'http_server_request_duration_seconds', unit: 'seconds' },
    where: { service_name: '{{service}}', service_version: '{{version}}' },
  },
  'opentelemetry-http-before-1.23': {
    summary: 'OpenTelemetry, the older names in milliseconds.',
    requests: 'http_server_duration_milliseconds_count',
    failing: { http_status_code: failedStatus },
    latency: { metric: 'http_server_duration_milliseconds', unit: 'milliseconds' },
    where: { service_name: '{{service}}', service_version: '{{version}}' },
  },
  istio: {
    summary: 'Istio sidecars, as the receiving side reports; for ambient set reporter: waypoint.',
    requests: 'istio_requests_total',
    failing: { response_code: failedStatus },
    latency: { metric: 'istio_request_duration_milliseconds', unit: 'milliseconds' },
    where: {
      reporter: 'destination',
      destination_workload_namespace: '{{namespace}}',
      destination_workload: '{{workload}}',
    },
  },
  linkerd: {
    summary: 'Linkerd proxies, inbound; what Linkerd classifies as a failure.',
    requests: 'response_total',
    failing: { classification: 'failure' },
    latency: { metric: 'response_latency_ms', unit: 'milliseconds' },
    where: { direction: 'inbound', namespace: '{{namespace}}', deployment: '{{workload}}' },
  },
  'nginx-ingress': {
    summary:
      'ingress-nginx 1.1 or newer with a canary Ingress: its label `canary` tells the sides.',
    requests: 'nginx_ingress_controller_requests',
    failing: { status: failedStatus },
    latency: { metric: 'nginx_ingress_controller_request_duration_seconds', unit: 'seconds' },
    where: { exported_namespace: '{{namespace}}', ingress: '{{ingress}}' },
    sides: { stable: { canary: '' }, candidate: { canary: { not: '' } } },
  },
  envoy: {
    summary: 'Any Envoy with one cluster per side: say which with the value `cluster`.',
    requests: 'envoy_cluster_upstream_rq_xx',
    failing: { envoy_response_code_class: '5' },
    latency: { metric: 'envoy_cluster_upstream_rq_time', unit: 'milliseconds' },
    where: { envoy_cluster_name: '{{cluster}}' },
  },
  'envoy-gateway': {
    summary:
      'Envoy Gateway. It counts by backend only where a backendRef of the rule has a filter; else by rule, which tells no sides.',
    requests: 'envoy_cluster_upstream_rq_xx',
    failing: { envoy_response_code_class: '5' },
    latency: { metric: 'envoy_cluster_upstream_rq_time', unit: 'milliseconds' },
    where: {
      envoy_cluster_name: 'httproute/{{namespace}}/{{route}}/rule/{{rule}}/backend/{{backend}}',
    },
  },
  contour: {
    summary: 'Contour: Envoy clusters named after namespace, Service and port.',
    requests: 'envoy_cluster_upstream_rq_xx',
    failing: { envoy_response_code_class: '5' },
    latency: { metric: 'envoy_cluster_upstream_rq_time', unit: 'milliseconds' },
    where: { envoy_cluster_name: '{{namespace}}_{{workload}}_{{port}}' },
  },
  traefik: {
    summary: 'Traefik: say what it calls the services with the value `backend`.',
    requests: 'traefik_service_requests_total',
    failing: { code: failedStatus },
    latency: { metric: 'traefik_service_request_duration_seconds', unit: 'seconds' },
    where: { exported_service: '{{backend}}' },
  },
  kong: {
    summary: 'Kong: say what it calls the services with the value `backend`.',
    requests: 'kong_http_requests_total',
    failing: { code: failedStatus },
    latency: { metric: 'kong_request_latency_ms', unit: 'milliseconds' },
    where: { exported_service: '{{backend}}' },
  },
} as const satisfies Readonly<Record<string, RedTemplate>>;

export type TemplateName = keyof typeof templates;

/** Names of the templates. */
export const templateNames: readonly string[] = Object.keys(templates);
