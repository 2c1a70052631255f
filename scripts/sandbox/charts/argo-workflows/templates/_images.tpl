{{- define "standin.image" -}}
{{ .image.registry }}/{{ .image.repository }}:{{ .image.tag | default .root.Values.images.tag | default .root.Chart.AppVersion }}
{{- end }}
