{{- define "signalbox.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "signalbox.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "signalbox.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "signalbox.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "signalbox.selector" -}}
app.kubernetes.io/name: {{ include "signalbox.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "signalbox.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: signalbox
{{ include "signalbox.selector" . }}
{{- end -}}

{{- define "signalbox.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "signalbox.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "signalbox.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "signalbox.settingsMap" -}}
{{- default (printf "%s-settings" (include "signalbox.fullname" .)) .Values.existingSettings -}}
{{- end -}}

{{- define "signalbox.certificates" -}}
/run/certificates/alerts
{{- end -}}

{{/* The content of signalbox.yaml: yours, and where the chart puts the certificates. */}}
{{- define "signalbox.settings" -}}
{{- $settings := deepCopy .Values.settings -}}
{{- with .Values.alertWebhooks.mutualTls -}}
{{- if .enabled -}}
{{- $at := include "signalbox.certificates" $ -}}
{{- $listener := dict "host" "0.0.0.0" "certificate" (printf "%s/tls.crt" $at) "key" (printf "%s/tls.key" $at) "authorities" (printf "%s/ca.crt" $at) -}}
{{- $settings = mergeOverwrite (dict "alerts" (dict "mutualTls" $listener)) $settings -}}
{{- $_ := set $settings.alerts.mutualTls "port" .port -}}
{{- end -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end -}}

{{/* What every pod of ours may and may not do. */}}
{{- define "signalbox.podSecurity" -}}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile:
    type: RuntimeDefault
{{- end -}}

{{- define "signalbox.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  privileged: false
  capabilities:
    drop: [ALL]
{{- end -}}

{{- define "signalbox.environment" -}}
env:
  - name: SIGNALBOX_CONFIG
    value: /etc/signalbox/signalbox.yaml
  - name: SIGNALBOX_DATA
    value: /data
  - name: SIGNALBOX_HOST
    value: 0.0.0.0
  - name: SIGNALBOX_PORT
    value: "7777"
  - name: SIGNALBOX_LOG
    value: {{ .Values.log }}
  {{- range $name, $value := .Values.environment }}
  - name: {{ $name }}
    value: {{ $value | quote }}
  {{- end }}
  {{- range .Values.secret.keys }}
  - name: {{ . }}_FILE
    value: /run/secrets/signalbox/{{ . }}
  {{- end }}
{{- end -}}

{{- define "signalbox.mounts" -}}
volumeMounts:
  - name: settings
    mountPath: /etc/signalbox
    readOnly: true
  - name: secret
    mountPath: /run/secrets/signalbox
    readOnly: true
  - name: data
    mountPath: /data
  - name: tmp
    mountPath: /tmp
{{- end -}}

{{- define "signalbox.volumes" -}}
- name: secret
  secret:
    secretName: {{ .Values.secret.name }}
    defaultMode: 0440
    items:
      {{- range .Values.secret.keys }}
      - key: {{ . }}
        path: {{ . }}
      {{- end }}
- name: data
  emptyDir:
    sizeLimit: 256Mi
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
{{- end -}}

{{/* A Deployment of one part: serve or work. */}}
{{- define "signalbox.deployment" -}}
{{- $root := .root -}}
{{- $part := .part -}}
{{- $own := index $root.Values $part -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "signalbox.fullname" $root }}-{{ $part }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "signalbox.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ $part }}
spec:
  replicas: {{ $own.replicas }}
  revisionHistoryLimit: 3
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  selector:
    matchLabels:
      {{- include "signalbox.selector" $root | nindent 6 }}
      app.kubernetes.io/component: {{ $part }}
  template:
    metadata:
      labels:
        {{- include "signalbox.labels" $root | nindent 8 }}
        app.kubernetes.io/component: {{ $part }}
        signalbox.dev/metrics: "true"
        {{- with $root.Values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with $root.Values.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ include "signalbox.serviceAccount" $root }}
      automountServiceAccountToken: {{ $root.Values.rbac.create }}
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ $root.Values.terminationGracePeriodSeconds }}
      {{- with $root.Values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- with $root.Values.image.pullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      {{- include "signalbox.podSecurity" $root | nindent 6 }}
      containers:
        - name: signalbox
          image: {{ include "signalbox.image" $root }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          args: [{{ $part }}]
          {{- include "signalbox.containerSecurity" $root | nindent 10 }}
          {{- include "signalbox.environment" $root | nindent 10 }}
          ports:
            - name: http
              containerPort: 7777
              protocol: TCP
            {{- if and (eq $part "serve") $root.Values.alertWebhooks.mutualTls.enabled }}
            - name: alerts
              containerPort: {{ $root.Values.alertWebhooks.mutualTls.port }}
              protocol: TCP
            {{- end }}
          startupProbe:
            httpGet: { path: /healthz, port: http }
            periodSeconds: 2
            failureThreshold: 60
          livenessProbe:
            httpGet: { path: /healthz, port: http }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: { path: /readyz, port: http }
            periodSeconds: 5
            timeoutSeconds: 4
            failureThreshold: 3
          {{- if eq $part "serve" }}
          lifecycle:
            # Until nobody sends requests here any more.
            preStop:
              sleep:
                seconds: 5
          {{- end }}
          resources:
            {{- toYaml $own.resources | nindent 12 }}
          {{- include "signalbox.mounts" $root | nindent 10 }}
            {{- if and (eq $part "serve") $root.Values.alertWebhooks.mutualTls.enabled }}
            - name: certificates
              mountPath: {{ include "signalbox.certificates" $root }}
              readOnly: true
            {{- end }}
      volumes:
        - name: settings
          configMap:
            name: {{ include "signalbox.settingsMap" $root }}
        {{- include "signalbox.volumes" $root | nindent 8 }}
        {{- with $root.Values.alertWebhooks.mutualTls }}
        {{- if and (eq $part "serve") .enabled }}
        - name: certificates
          secret:
            secretName: {{ required "alertWebhooks.mutualTls.secretName is needed" .secretName }}
            defaultMode: 0440
            items:
              - { key: {{ .keys.certificate | quote }}, path: tls.crt }
              - { key: {{ .keys.key | quote }}, path: tls.key }
              - { key: {{ .keys.authorities | quote }}, path: ca.crt }
        {{- end }}
        {{- end }}
      {{- with $own.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $own.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $own.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      topologySpreadConstraints:
        {{- if $own.topologySpreadConstraints }}
        {{- toYaml $own.topologySpreadConstraints | nindent 8 }}
        {{- else }}
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "signalbox.selector" $root | nindent 14 }}
              app.kubernetes.io/component: {{ $part }}
        {{- end }}
{{- end -}}
