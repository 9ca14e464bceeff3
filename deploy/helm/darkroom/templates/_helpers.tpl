{{/* Name of everything in this release, short enough for the suffixes. */}}
{{- define "darkroom.fullname" -}}
{{- if contains "darkroom" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-darkroom" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* Labels by which pods are selected. Takes a list: root, component. */}}
{{- define "darkroom.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: darkroom
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Takes a list: root, component. */}}
{{- define "darkroom.labels" -}}
{{- $root := index . 0 -}}
{{ include "darkroom.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version }}
{{- end }}

{{- define "darkroom.image" -}}
image: {{ printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- end }}

{{/* Settings of every pod: it needs nothing of the cluster, and gets nothing. */}}
{{- define "darkroom.pod" -}}
automountServiceAccountToken: false
# Variables such as DARKROOM_API_PORT, which Kubernetes adds for each service, are no settings of ours.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  # Allows Landlock and seccomp, which shut the decoders in.
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{/* Settings of every container: what is taken over can neither change its programs nor gain privileges. */}}
{{- define "darkroom.container" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{/* Takes a list of lists: names of Secrets; the later ones take precedence. */}}
{{- define "darkroom.secrets" -}}
envFrom:
{{- range $names := . }}
{{- range $names }}
  - secretRef: { name: {{ . }} }
{{- end }}
{{- end }}
{{- end }}

{{/* Takes a map of variables. */}}
{{- define "darkroom.variables" -}}
{{- range $name, $value := . }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- end }}

{{/* Name of a pool that serves the queue `system`: some worker of it lives at any time. */}}
{{- define "darkroom.pool-of-system" -}}
{{- $found := list }}
{{- range $pool, $own := .Values.pools }}
{{- if and $own (has "system" $own.queues) }}{{ $found = append $found $pool }}{{ end }}
{{- end }}
{{- first $found | default (keys .Values.pools | sortAlpha | first) }}
{{- end }}

{{/* Spreads the pods of a component over the nodes. Takes a list: root, component. */}}
{{- define "darkroom.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "darkroom.selector" . | nindent 8 }}
{{- end }}

{{/* Lets only one pod of a component be taken away at a time. Takes a list: root, component. */}}
{{- define "darkroom.disruption-budget" -}}
{{- $root := index . 0 -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "darkroom.fullname" $root }}-{{ index . 1 }}
  labels: {{- include "darkroom.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{- include "darkroom.selector" . | nindent 6 }}
{{- end }}
