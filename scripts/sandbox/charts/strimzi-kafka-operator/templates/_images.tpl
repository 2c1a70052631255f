{{- define "standin.name" -}}
{{ .image.registry | default .values.defaultImageRegistry }}/{{ .image.repository | default .values.defaultImageRepository }}/{{ .image.name }}
{{- end }}

{{- define "standin.image" -}}
{{ include "standin.name" . }}:{{ .image.tag | default .values.defaultImageTag }}
{{- end }}

{{- define "standin.kafka" -}}
{{ include "standin.name" . }}:{{ .image.tagPrefix | default .values.defaultImageTag }}-kafka-{{ .version }}
{{- end }}

{{- define "standin.kafkaVersions" -}}
{{- $given := . -}}
{{- range $version := list "3.9.0" "3.9.1" "4.0.0" }}
{{ $version }}={{ include "standin.kafka" (dict "image" $given.image "values" $given.values "version" $version) }}
{{- end }}
{{- end }}
