{{- define "stoa.image" -}}
{{ required "image.repository: where the image was pushed to" .Values.image.repository }}:{{ required "image.tag: which build; a tag is never moved" .Values.image.tag }}
{{- end }}

{{/* The services by name: the gateway, the lake and every subgraph, each with its port, role and resources. */}}
{{- define "stoa.services" -}}
gateway:
  {{- toYaml (pick .Values.gateway "port" "role" "resources") | nindent 2 }}
lake:
  {{- toYaml (pick .Values.lake "port" "role" "resources") | nindent 2 }}
{{- range $name, $subgraph := .Values.subgraphs }}
{{ $name }}:
  {{- toYaml (merge (dict) $subgraph (dict "resources" $.Values.subgraphResources)) | nindent 2 }}
{{- end }}
{{- end }}

{{/* Nobody, nothing gained: of every pod. */}}
{{- define "stoa.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "stoa.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- define "stoa.selector" -}}
app.kubernetes.io/name: stoa
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "stoa.labels" -}}
{{ include "stoa.selector" . }}
app.kubernetes.io/version: {{ .root.Values.image.tag | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "stoa.name" -}}
{{ .root.Release.Name }}-{{ .name }}
{{- end }}
