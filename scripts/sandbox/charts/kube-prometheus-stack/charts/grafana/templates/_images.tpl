{{- define "standin.image" -}}
{{ .root.Values.global.imageRegistry | default .image.registry }}/{{ .image.repository }}:{{ .image.tag | default .root.Chart.AppVersion }}
{{- with .image.sha }}@sha256:{{ . }}{{ end }}
{{- end }}
