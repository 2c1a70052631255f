{{- define "standin.image" -}}
{{- $registry := .image.registry | default .root.Values.global.image.registry | default .image.defaultRegistry -}}
{{- with $registry }}{{ . }}/{{ end }}{{ .image.repository }}:{{ .image.tag | default .root.Chart.AppVersion }}
{{- end }}
