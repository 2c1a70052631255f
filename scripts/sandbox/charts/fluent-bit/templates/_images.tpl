{{- define "standin.image" -}}
{{- $tag := ternary "" (printf ":%s" (toString (.image.tag | default .version))) (eq (toString .image.tag) "-") -}}
{{ .image.repository }}{{ $tag }}{{ with .image.digest }}@{{ . }}{{ end }}
{{- end }}
