// The version-locked list of charts and images, generated from manifests/charts.yaml. Do not edit it: edit
// manifests/charts.yaml, run "npm run regenerate", review the difference and commit both.
// In values, <registry> and <prefix> are placeholders for the target, filled in when values are generated.
// Checksum of the data, which "npm run generated" uses to detect manual edits; nothing else reads it:
// sha256:bb6a6adb2747e37a08c3373120e0ae2b79dc2d6d691dd2455fade265cc020512
import { defineManifest } from '../scripts/lib/model/manifest/manifest.ts'

export const manifest = defineManifest({
  "input": "sha256:1d59e18672805ac0c49f039aff1893bd326fbe58aabe0777495e8023297d348f",
  "charts": [
    {
      "name": "argo-workflows",
      "version": "0.47.1",
      "repository": "https://argoproj.github.io/argo-helm",
      "group": "production",
      "variants": ["default", "umbrella"],
      "relocation": {
        "mirrored": {
          "values": [
            { "path": ["controller", "image", "registry"], "value": "<registry>" },
            { "path": ["controller", "image", "repository"], "value": "<prefix>mirrored/quay.io/argoproj/workflow-controller" },
            { "path": ["executor", "image", "registry"], "value": "<registry>" },
            { "path": ["executor", "image", "repository"], "value": "<prefix>mirrored/quay.io/argoproj/argoexec" },
            { "path": ["server", "image", "registry"], "value": "<registry>" },
            { "path": ["server", "image", "repository"], "value": "<prefix>mirrored/quay.io/argoproj/argocli" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 3, "inputs": "sha256:6b68ef3880d0069970227b5c976499e02405d0a6c5a312ad4dc7a8f69dabe772", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 3, "inputs": "sha256:135dfabf7e0b553226269b4989837a7a77f31b92e5b192399a8675ad1f08ed35", "faults": [] }
          ]
        },
        "by-chart": {
          "values": [
            { "path": ["controller", "image", "registry"], "value": "<registry>" },
            { "path": ["controller", "image", "repository"], "value": "<prefix>argo-workflows/workflow-controller" },
            { "path": ["executor", "image", "registry"], "value": "<registry>" },
            { "path": ["executor", "image", "repository"], "value": "<prefix>argo-workflows/argoexec" },
            { "path": ["server", "image", "registry"], "value": "<registry>" },
            { "path": ["server", "image", "repository"], "value": "<prefix>argo-workflows/argocli" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 3, "inputs": "sha256:1ac02b359458c605394a98bea75e5b78feba32622c0481a4ef947c4015c1fa3e", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 3, "inputs": "sha256:df15c3372dfbefcf5fe6e08f917d342c73d78aafbcabef67b23690115a3407db", "faults": [] }
          ]
        }
      },
      "undecided": [],
      "questions": [],
      "dormant": [],
      "notices": [
        "its templates depend on the cluster's version; Kubernetes 1.31.0 was assumed",
        "output that depends on the APIs of the cluster is not proven: templates/controller/workflow-controller-servicemonitor.yaml"
      ]
    },
    {
      "name": "cert-manager",
      "version": "1.17.2",
      "published": "v1.17.2",
      "repository": "https://charts.jetstack.io",
      "group": "production",
      "variants": ["default", "umbrella"],
      "relocation": {
        "mirrored": {
          "values": [
            { "path": ["image", "repository"], "value": "<registry>/<prefix>mirrored/quay.io/jetstack/cert-manager-controller" },
            { "path": ["webhook", "image", "repository"], "value": "<registry>/<prefix>mirrored/quay.io/jetstack/cert-manager-webhook" },
            { "path": ["cainjector", "image", "repository"], "value": "<registry>/<prefix>mirrored/quay.io/jetstack/cert-manager-cainjector" },
            { "path": ["acmesolver", "image", "repository"], "value": "<registry>/<prefix>mirrored/quay.io/jetstack/cert-manager-acmesolver" },
            { "path": ["startupapicheck", "image", "repository"], "value": "<registry>/<prefix>mirrored/quay.io/jetstack/cert-manager-startupapicheck" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 5, "inputs": "sha256:d2d2c26541ed09d8ec60cb44e41be642543a4962e995801936ec26a266ba3594", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 5, "inputs": "sha256:c949251b6ac2350aa4a4ba0d881b40c7d6fad227729586b191e6993d0e436643", "faults": [] }
          ]
        },
        "by-chart": {
          "values": [
            { "path": ["image", "repository"], "value": "<registry>/<prefix>cert-manager/cert-manager-controller" },
            { "path": ["webhook", "image", "repository"], "value": "<registry>/<prefix>cert-manager/cert-manager-webhook" },
            { "path": ["cainjector", "image", "repository"], "value": "<registry>/<prefix>cert-manager/cert-manager-cainjector" },
            { "path": ["acmesolver", "image", "repository"], "value": "<registry>/<prefix>cert-manager/cert-manager-acmesolver" },
            { "path": ["startupapicheck", "image", "repository"], "value": "<registry>/<prefix>cert-manager/cert-manager-startupapicheck" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 5, "inputs": "sha256:0156612af463d4ebd7e54f9b34573c24941d296a9cce668c6612d87d0e4f101b", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 5, "inputs": "sha256:c86a8282f26da1547e7f47c616d6d30c4190a2199251745084554f4a819f6c99", "faults": [] }
          ]
        }
      },
      "undecided": [],
      "questions": [],
      "dormant": [],
      "notices": []
    },
    {
      "name": "etcd-operator",
      "version": "0.4.2",
      "repository": "oci://ghcr.io/aenix-io/charts",
      "group": "production",
      "variants": ["default", "umbrella"],
      "relocation": {
        "mirrored": {
          "values": [
            { "path": ["etcdOperator", "image", "repository"], "value": "<registry>/<prefix>mirrored/ghcr.io/aenix-io/etcd-operator" },
            { "path": ["kubeRbacProxy", "image", "repository"], "value": "<registry>/<prefix>mirrored/gcr.io/kubebuilder/kube-rbac-proxy" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 2, "inputs": "sha256:90b293a7f8ee7df923d2d7238468c25a07571337ed94d0753eb6d4d9d2eb5d37", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 2, "inputs": "sha256:b0a3351988b9e4eefab709baefe335afb079c44d60e3c7c7dbce613057cf1490", "faults": [] }
          ]
        },
        "by-chart": {
          "values": [
            { "path": ["etcdOperator", "image", "repository"], "value": "<registry>/<prefix>etcd-operator/etcd-operator" },
            { "path": ["kubeRbacProxy", "image", "repository"], "value": "<registry>/<prefix>etcd-operator/kube-rbac-proxy" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 2, "inputs": "sha256:bb6c25316c812cc5d4cdc6bf87f48cd1262119a14a019132ed1fef1a2945f357", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 2, "inputs": "sha256:5a36547288c52d711cb926b81055453e8e5bad23112bb240d75d01d8d50b272a", "faults": [] }
          ]
        }
      },
      "undecided": [],
      "questions": [],
      "dormant": [],
      "notices": []
    },
    {
      "name": "fluent-bit",
      "version": "0.49.0",
      "repository": "https://fluent.github.io/helm-charts",
      "group": "production",
      "variants": ["default", "umbrella"],
      "relocation": {
        "mirrored": {
          "values": [
            { "path": ["image", "repository"], "value": "<registry>/<prefix>mirrored/cr.fluentbit.io/fluent/fluent-bit" },
            { "path": ["testFramework", "image", "repository"], "value": "<registry>/<prefix>mirrored/docker.io/library/busybox" },
            { "path": ["hotReload", "image", "repository"], "value": "<registry>/<prefix>mirrored/ghcr.io/jimmidyson/configmap-reload" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 2, "inputs": "sha256:d27dfcdff94fb03b85eb77fc781dac50d882825aa7a76e94b78e62ae12da6b41", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 2, "inputs": "sha256:d27dfcdff94fb03b85eb77fc781dac50d882825aa7a76e94b78e62ae12da6b41", "faults": [] }
          ]
        },
        "by-chart": {
          "values": [
            { "path": ["image", "repository"], "value": "<registry>/<prefix>fluent-bit/fluent-bit" },
            { "path": ["testFramework", "image", "repository"], "value": "<registry>/<prefix>fluent-bit/busybox" },
            { "path": ["hotReload", "image", "repository"], "value": "<registry>/<prefix>fluent-bit/configmap-reload" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 2, "inputs": "sha256:91ab2ed44375ba995c3597b11caa9e37c958130f6f96935dd3c2ce25b9e55895", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 2, "inputs": "sha256:91ab2ed44375ba995c3597b11caa9e37c958130f6f96935dd3c2ce25b9e55895", "faults": [] }
          ]
        }
      },
      "undecided": [],
      "questions": [],
      "dormant": [{ "reference": "ghcr.io/jimmidyson/configmap-reload:v0.14.0", "leaves": ["hotReload.image.repository", "hotReload.image.tag"] }],
      "notices": ["its templates depend on the cluster's version; Kubernetes 1.31.0 was assumed"]
    },
    {
      "name": "grafana",
      "version": "8.15.0",
      "repository": "https://grafana.github.io/helm-charts",
      "group": "development",
      "variants": ["default", "umbrella"],
      "relocation": {
        "mirrored": {
          "values": [
            { "path": ["image", "registry"], "value": "<registry>" },
            { "path": ["image", "repository"], "value": "<prefix>mirrored/docker.io/grafana/grafana" },
            { "path": ["testFramework", "image", "registry"], "value": "<registry>" },
            { "path": ["testFramework", "image", "repository"], "value": "<prefix>mirrored/docker.io/bats/bats" },
            { "path": ["downloadDashboardsImage", "registry"], "value": "<registry>" },
            { "path": ["downloadDashboardsImage", "repository"], "value": "<prefix>mirrored/docker.io/curlimages/curl" },
            { "path": ["initChownData", "image", "registry"], "value": "<registry>" },
            { "path": ["initChownData", "image", "repository"], "value": "<prefix>mirrored/docker.io/library/busybox" },
            { "path": ["sidecar", "image", "registry"], "value": "<registry>" },
            { "path": ["sidecar", "image", "repository"], "value": "<prefix>mirrored/quay.io/kiwigrid/k8s-sidecar" },
            { "path": ["imageRenderer", "image", "registry"], "value": "<registry>" },
            { "path": ["imageRenderer", "image", "repository"], "value": "<prefix>mirrored/docker.io/grafana/grafana-image-renderer" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 2, "inputs": "sha256:8ce89eab39b4f3649500dc2447ae53166b135b4ad1bfaa97f676f687b754c260", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 2, "inputs": "sha256:8ce89eab39b4f3649500dc2447ae53166b135b4ad1bfaa97f676f687b754c260", "faults": [] }
          ]
        },
        "by-chart": {
          "values": [
            { "path": ["image", "registry"], "value": "<registry>" },
            { "path": ["image", "repository"], "value": "<prefix>grafana/grafana" },
            { "path": ["testFramework", "image", "registry"], "value": "<registry>" },
            { "path": ["testFramework", "image", "repository"], "value": "<prefix>grafana/bats" },
            { "path": ["downloadDashboardsImage", "registry"], "value": "<registry>" },
            { "path": ["downloadDashboardsImage", "repository"], "value": "<prefix>grafana/curl" },
            { "path": ["initChownData", "image", "registry"], "value": "<registry>" },
            { "path": ["initChownData", "image", "repository"], "value": "<prefix>grafana/busybox" },
            { "path": ["sidecar", "image", "registry"], "value": "<registry>" },
            { "path": ["sidecar", "image", "repository"], "value": "<prefix>grafana/k8s-sidecar" },
            { "path": ["imageRenderer", "image", "registry"], "value": "<registry>" },
            { "path": ["imageRenderer", "image", "repository"], "value": "<prefix>grafana/grafana-image-renderer" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 2, "inputs": "sha256:7c1aef757ce23c185d2bdbc19020be90fb0ecb142942c358d04e8a258b93474b", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 2, "inputs": "sha256:7c1aef757ce23c185d2bdbc19020be90fb0ecb142942c358d04e8a258b93474b", "faults": [] }
          ]
        }
      },
      "undecided": [],
      "questions": [],
      "dormant": [
        { "reference": "docker.io/curlimages/curl:8.9.1", "leaves": ["downloadDashboardsImage.registry", "downloadDashboardsImage.repository", "downloadDashboardsImage.tag"] },
        { "reference": "docker.io/library/busybox:1.31.1", "leaves": ["initChownData.image.registry", "initChownData.image.repository", "initChownData.image.tag"] },
        { "reference": "quay.io/kiwigrid/k8s-sidecar:1.30.0", "leaves": ["sidecar.image.registry", "sidecar.image.repository", "sidecar.image.tag"] },
        { "reference": "docker.io/grafana/grafana-image-renderer:latest", "leaves": ["imageRenderer.image.registry", "imageRenderer.image.repository", "imageRenderer.image.tag"] }
      ],
      "notices": [
        "its templates depend on the cluster's version; Kubernetes 1.31.0 was assumed",
        "output that depends on the cluster (lookup) is not proven: templates/_helpers.tpl, templates/pvc.yaml"
      ]
    },
    {
      "name": "jaeger",
      "version": "3.2.0",
      "repository": "https://jaegertracing.github.io/helm-charts",
      "group": "development",
      "variants": ["default", "umbrella"],
      "relocation": {
        "mirrored": {
          "values": [
            { "path": ["allInOne", "image", "repository"], "value": "<registry>/<prefix>mirrored/docker.io/jaegertracing/all-in-one" },
            { "path": ["cassandra", "image", "repo"], "value": "<registry>/<prefix>mirrored/docker.io/library/cassandra" },
            { "path": ["schema", "image", "repository"], "value": "<registry>/<prefix>mirrored/docker.io/jaegertracing/jaeger-cassandra-schema" },
            { "path": ["agent", "image", "repository"], "value": "<registry>/<prefix>mirrored/docker.io/jaegertracing/jaeger-agent" },
            { "path": ["collector", "image", "repository"], "value": "<registry>/<prefix>mirrored/docker.io/jaegertracing/jaeger-collector" },
            { "path": ["query", "image", "repository"], "value": "<registry>/<prefix>mirrored/docker.io/jaegertracing/jaeger-query" },
            { "path": ["cassandra", "backup", "image", "repository"], "value": "<registry>/<prefix>mirrored/docker.io/maorfr/cain" },
            { "path": ["cassandra", "exporter", "image", "repo"], "value": "<registry>/<prefix>mirrored/docker.io/criteord/cassandra_exporter" },
            { "path": ["kafka", "image", "registry"], "value": "<registry>" },
            { "path": ["kafka", "image", "repository"], "value": "<prefix>mirrored/docker.io/bitnami/kafka" },
            { "path": ["kafka", "externalAccess", "autoDiscovery", "image", "registry"], "value": "<registry>" },
            { "path": ["kafka", "externalAccess", "autoDiscovery", "image", "repository"], "value": "<prefix>mirrored/docker.io/bitnami/kubectl" },
            { "path": ["kafka", "volumePermissions", "image", "registry"], "value": "<registry>" },
            { "path": ["kafka", "volumePermissions", "image", "repository"], "value": "<prefix>mirrored/docker.io/bitnami/os-shell" },
            { "path": ["kafka", "metrics", "kafka", "image", "registry"], "value": "<registry>" },
            { "path": ["kafka", "metrics", "kafka", "image", "repository"], "value": "<prefix>mirrored/docker.io/bitnami/kafka-exporter" },
            { "path": ["kafka", "metrics", "jmx", "image", "registry"], "value": "<registry>" },
            { "path": ["kafka", "metrics", "jmx", "image", "repository"], "value": "<prefix>mirrored/docker.io/bitnami/jmx-exporter" },
            { "path": ["kafka", "zookeeper", "image", "registry"], "value": "<registry>" },
            { "path": ["kafka", "zookeeper", "image", "repository"], "value": "<prefix>mirrored/docker.io/bitnami/zookeeper" },
            { "path": ["kafka", "zookeeper", "volumePermissions", "image", "registry"], "value": "<registry>" },
            { "path": ["kafka", "zookeeper", "volumePermissions", "image", "repository"], "value": "<prefix>mirrored/docker.io/bitnami/os-shell" },
            { "path": ["elasticsearch", "image", "registry"], "value": "<registry>" },
            { "path": ["elasticsearch", "image", "repository"], "value": "<prefix>mirrored/docker.io/bitnami/elasticsearch" },
            { "path": ["elasticsearch", "metrics", "image", "registry"], "value": "<registry>" },
            { "path": ["elasticsearch", "metrics", "image", "repository"], "value": "<prefix>mirrored/docker.io/bitnami/elasticsearch-exporter" },
            { "path": ["elasticsearch", "volumePermissions", "image", "registry"], "value": "<registry>" },
            { "path": ["elasticsearch", "volumePermissions", "image", "repository"], "value": "<prefix>mirrored/docker.io/bitnami/os-shell" },
            { "path": ["elasticsearch", "sysctlImage", "registry"], "value": "<registry>" },
            { "path": ["elasticsearch", "sysctlImage", "repository"], "value": "<prefix>mirrored/docker.io/bitnami/os-shell" },
            { "path": ["elasticsearch", "kibana", "image", "registry"], "value": "<registry>" },
            { "path": ["elasticsearch", "kibana", "image", "repository"], "value": "<prefix>mirrored/docker.io/bitnami/kibana" },
            { "path": ["elasticsearch", "kibana", "volumePermissions", "image", "registry"], "value": "<registry>" },
            { "path": ["elasticsearch", "kibana", "volumePermissions", "image", "repository"], "value": "<prefix>mirrored/docker.io/bitnami/os-shell" },
            { "path": ["query", "oAuthSidecar", "image", "registry"], "value": "<registry>" },
            { "path": ["query", "oAuthSidecar", "image", "repository"], "value": "<prefix>mirrored/quay.io/oauth2-proxy/oauth2-proxy" },
            { "path": ["spark", "image", "repository"], "value": "<registry>/<prefix>mirrored/docker.io/jaegertracing/spark-dependencies" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 6, "inputs": "sha256:e7546b6cbc0dc22883d0824e53fcf25abaf7fd6e048eeec655a55248372545b1", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 1, "inputs": "sha256:9d38bc96168a5f9aeb22f5e7771e0cf5d467bc4352607d844ad68b75f8d94347", "faults": [] }
          ]
        },
        "by-chart": {
          "values": [
            { "path": ["allInOne", "image", "repository"], "value": "<registry>/<prefix>jaeger/all-in-one" },
            { "path": ["cassandra", "image", "repo"], "value": "<registry>/<prefix>jaeger/cassandra" },
            { "path": ["schema", "image", "repository"], "value": "<registry>/<prefix>jaeger/jaeger-cassandra-schema" },
            { "path": ["agent", "image", "repository"], "value": "<registry>/<prefix>jaeger/jaeger-agent" },
            { "path": ["collector", "image", "repository"], "value": "<registry>/<prefix>jaeger/jaeger-collector" },
            { "path": ["query", "image", "repository"], "value": "<registry>/<prefix>jaeger/jaeger-query" },
            { "path": ["cassandra", "backup", "image", "repository"], "value": "<registry>/<prefix>jaeger/cain" },
            { "path": ["cassandra", "exporter", "image", "repo"], "value": "<registry>/<prefix>jaeger/cassandra_exporter" },
            { "path": ["kafka", "image", "registry"], "value": "<registry>" },
            { "path": ["kafka", "image", "repository"], "value": "<prefix>jaeger/kafka" },
            { "path": ["kafka", "externalAccess", "autoDiscovery", "image", "registry"], "value": "<registry>" },
            { "path": ["kafka", "externalAccess", "autoDiscovery", "image", "repository"], "value": "<prefix>jaeger/kubectl" },
            { "path": ["kafka", "volumePermissions", "image", "registry"], "value": "<registry>" },
            { "path": ["kafka", "volumePermissions", "image", "repository"], "value": "<prefix>jaeger/os-shell" },
            { "path": ["kafka", "metrics", "kafka", "image", "registry"], "value": "<registry>" },
            { "path": ["kafka", "metrics", "kafka", "image", "repository"], "value": "<prefix>jaeger/kafka-exporter" },
            { "path": ["kafka", "metrics", "jmx", "image", "registry"], "value": "<registry>" },
            { "path": ["kafka", "metrics", "jmx", "image", "repository"], "value": "<prefix>jaeger/jmx-exporter" },
            { "path": ["kafka", "zookeeper", "image", "registry"], "value": "<registry>" },
            { "path": ["kafka", "zookeeper", "image", "repository"], "value": "<prefix>jaeger/zookeeper" },
            { "path": ["kafka", "zookeeper", "volumePermissions", "image", "registry"], "value": "<registry>" },
            { "path": ["kafka", "zookeeper", "volumePermissions", "image", "repository"], "value": "<prefix>jaeger/os-shell" },
            { "path": ["elasticsearch", "image", "registry"], "value": "<registry>" },
            { "path": ["elasticsearch", "image", "repository"], "value": "<prefix>jaeger/elasticsearch" },
            { "path": ["elasticsearch", "metrics", "image", "registry"], "value": "<registry>" },
            { "path": ["elasticsearch", "metrics", "image", "repository"], "value": "<prefix>jaeger/elasticsearch-exporter" },
            { "path": ["elasticsearch", "volumePermissions", "image", "registry"], "value": "<registry>" },
            { "path": ["elasticsearch", "volumePermissions", "image", "repository"], "value": "<prefix>jaeger/os-shell" },
            { "path": ["elasticsearch", "sysctlImage", "registry"], "value": "<registry>" },
            { "path": ["elasticsearch", "sysctlImage", "repository"], "value": "<prefix>jaeger/os-shell" },
            { "path": ["elasticsearch", "kibana", "image", "registry"], "value": "<registry>" },
            { "path": ["elasticsearch", "kibana", "image", "repository"], "value": "<prefix>jaeger/kibana" },
            { "path": ["elasticsearch", "kibana", "volumePermissions", "image", "registry"], "value": "<registry>" },
            { "path": ["elasticsearch", "kibana", "volumePermissions", "image", "repository"], "value": "<prefix>jaeger/os-shell" },
            { "path": ["query", "oAuthSidecar", "image", "registry"], "value": "<registry>" },
            { "path": ["query", "oAuthSidecar", "image", "repository"], "value": "<prefix>jaeger/oauth2-proxy" },
            { "path": ["spark", "image", "repository"], "value": "<registry>/<prefix>jaeger/spark-dependencies" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 6, "inputs": "sha256:42cfb3ceda81f6f8a2445954de7f11ce9f5ccee65dabcd5ac61528fee0cfdc29", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 1, "inputs": "sha256:6f0142ad1526c2629533c1d6605cb9caf0862502ef396db3a84165acffd369d1", "faults": [] }
          ]
        }
      },
      "undecided": [],
      "questions": [],
      "dormant": [
        { "reference": "docker.io/maorfr/cain:0.6.0", "leaves": ["cassandra.backup.image.repository", "cassandra.backup.image.tag"] },
        { "reference": "docker.io/criteord/cassandra_exporter:2.0.2", "leaves": ["cassandra.exporter.image.repo", "cassandra.exporter.image.tag"] },
        { "reference": "docker.io/bitnami/kafka:3.6.1-debian-11-r0", "leaves": ["kafka.image.registry", "kafka.image.repository", "kafka.image.tag"] },
        {
          "reference": "docker.io/bitnami/kubectl:1.29.0-debian-11-r0",
          "leaves": ["kafka.externalAccess.autoDiscovery.image.registry", "kafka.externalAccess.autoDiscovery.image.repository", "kafka.externalAccess.autoDiscovery.image.tag"]
        },
        {
          "reference": "docker.io/bitnami/os-shell:11-debian-11-r92",
          "leaves": ["kafka.volumePermissions.image.registry", "kafka.volumePermissions.image.repository", "kafka.volumePermissions.image.tag"]
        },
        {
          "reference": "docker.io/bitnami/kafka-exporter:1.7.0-debian-11-r134",
          "leaves": ["kafka.metrics.kafka.image.registry", "kafka.metrics.kafka.image.repository", "kafka.metrics.kafka.image.tag"]
        },
        {
          "reference": "docker.io/bitnami/jmx-exporter:0.20.0-debian-11-r2",
          "leaves": ["kafka.metrics.jmx.image.registry", "kafka.metrics.jmx.image.repository", "kafka.metrics.jmx.image.tag"]
        },
        { "reference": "docker.io/bitnami/zookeeper:3.9.1-debian-11-r2", "leaves": ["kafka.zookeeper.image.registry", "kafka.zookeeper.image.repository", "kafka.zookeeper.image.tag"] },
        {
          "reference": "docker.io/bitnami/os-shell:11-debian-11-r91",
          "leaves": ["kafka.zookeeper.volumePermissions.image.registry", "kafka.zookeeper.volumePermissions.image.repository", "kafka.zookeeper.volumePermissions.image.tag"]
        },
        { "reference": "docker.io/bitnami/elasticsearch:8.13.2-debian-12-r0", "leaves": ["elasticsearch.image.registry", "elasticsearch.image.repository", "elasticsearch.image.tag"] },
        {
          "reference": "docker.io/bitnami/elasticsearch-exporter:1.7.0-debian-12-r14",
          "leaves": ["elasticsearch.metrics.image.registry", "elasticsearch.metrics.image.repository", "elasticsearch.metrics.image.tag"]
        },
        {
          "reference": "docker.io/bitnami/os-shell:12-debian-12-r18",
          "leaves": [
            "elasticsearch.volumePermissions.image.registry",
            "elasticsearch.volumePermissions.image.repository",
            "elasticsearch.volumePermissions.image.tag",
            "elasticsearch.sysctlImage.registry",
            "elasticsearch.sysctlImage.repository",
            "elasticsearch.sysctlImage.tag"
          ]
        },
        {
          "reference": "docker.io/bitnami/kibana:8.12.2-debian-12-r1",
          "leaves": ["elasticsearch.kibana.image.registry", "elasticsearch.kibana.image.repository", "elasticsearch.kibana.image.tag"]
        },
        {
          "reference": "docker.io/bitnami/os-shell:12-debian-12-r16",
          "leaves": ["elasticsearch.kibana.volumePermissions.image.registry", "elasticsearch.kibana.volumePermissions.image.repository", "elasticsearch.kibana.volumePermissions.image.tag"]
        },
        { "reference": "quay.io/oauth2-proxy/oauth2-proxy:v7.6.0", "leaves": ["query.oAuthSidecar.image.registry", "query.oAuthSidecar.image.repository", "query.oAuthSidecar.image.tag"] },
        { "reference": "docker.io/jaegertracing/spark-dependencies:latest", "leaves": ["spark.image.repository", "spark.image.tag"] }
      ],
      "notices": [
        "its templates depend on the cluster's version; Kubernetes 1.31.0 was assumed",
        "output that depends on the cluster (lookup) is not proven: charts/common/templates/_secrets.tpl, charts/elasticsearch/charts/common/templates/_secrets.tpl, charts/elasticsearch/charts/kibana/charts/common/templates/_secrets.tpl, charts/kafka/charts/common/templates/_secrets.tpl, charts/kafka/charts/zookeeper/charts/common/templates/_secrets.tpl, charts/kafka/charts/zookeeper/templates/_helpers.tpl, charts/kafka/templates/secrets.yaml",
        "output that depends on the APIs of the cluster is not proven: charts/common/templates/_capabilities.tpl, charts/elasticsearch/charts/common/templates/_capabilities.tpl, charts/elasticsearch/charts/kibana/charts/common/templates/_capabilities.tpl, charts/kafka/charts/common/templates/_capabilities.tpl, charts/kafka/charts/zookeeper/charts/common/templates/_capabilities.tpl"
      ]
    },
    {
      "name": "kube-prometheus-stack",
      "version": "72.0.0",
      "repository": "https://prometheus-community.github.io/helm-charts",
      "group": "production",
      "variants": ["default", "umbrella"],
      "relocation": {
        "mirrored": {
          "values": [
            { "path": ["alertmanager", "alertmanagerSpec", "image", "registry"], "value": "<registry>" },
            { "path": ["alertmanager", "alertmanagerSpec", "image", "repository"], "value": "<prefix>mirrored/quay.io/prometheus/alertmanager" },
            { "path": ["grafana", "image", "registry"], "value": "<registry>" },
            { "path": ["grafana", "image", "repository"], "value": "<prefix>mirrored/docker.io/grafana/grafana" },
            { "path": ["grafana", "testFramework", "image", "registry"], "value": "<registry>" },
            { "path": ["grafana", "testFramework", "image", "repository"], "value": "<prefix>mirrored/docker.io/bats/bats" },
            { "path": ["grafana", "sidecar", "image", "registry"], "value": "<registry>" },
            { "path": ["grafana", "sidecar", "image", "repository"], "value": "<prefix>mirrored/quay.io/kiwigrid/k8s-sidecar" },
            { "path": ["kube-state-metrics", "image", "registry"], "value": "<registry>" },
            { "path": ["kube-state-metrics", "image", "repository"], "value": "<prefix>mirrored/registry.k8s.io/kube-state-metrics/kube-state-metrics" },
            { "path": ["prometheus-node-exporter", "image", "registry"], "value": "<registry>" },
            { "path": ["prometheus-node-exporter", "image", "repository"], "value": "<prefix>mirrored/quay.io/prometheus/node-exporter" },
            { "path": ["prometheusOperator", "admissionWebhooks", "patch", "image", "registry"], "value": "<registry>" },
            { "path": ["prometheusOperator", "admissionWebhooks", "patch", "image", "repository"], "value": "<prefix>mirrored/registry.k8s.io/ingress-nginx/kube-webhook-certgen" },
            { "path": ["prometheusOperator", "image", "registry"], "value": "<registry>" },
            { "path": ["prometheusOperator", "image", "repository"], "value": "<prefix>mirrored/quay.io/prometheus-operator/prometheus-operator" },
            { "path": ["prometheusOperator", "prometheusConfigReloader", "image", "registry"], "value": "<registry>" },
            { "path": ["prometheusOperator", "prometheusConfigReloader", "image", "repository"], "value": "<prefix>mirrored/quay.io/prometheus-operator/prometheus-config-reloader" },
            { "path": ["prometheusOperator", "thanosImage", "registry"], "value": "<registry>" },
            { "path": ["prometheusOperator", "thanosImage", "repository"], "value": "<prefix>mirrored/quay.io/thanos/thanos" },
            { "path": ["prometheus", "prometheusSpec", "image", "registry"], "value": "<registry>" },
            { "path": ["prometheus", "prometheusSpec", "image", "repository"], "value": "<prefix>mirrored/quay.io/prometheus/prometheus" },
            { "path": ["crds", "upgradeJob", "image", "busybox", "registry"], "value": "<registry>" },
            { "path": ["crds", "upgradeJob", "image", "busybox", "repository"], "value": "<prefix>mirrored/docker.io/library/busybox" },
            { "path": ["grafana", "downloadDashboardsImage", "registry"], "value": "<registry>" },
            { "path": ["grafana", "downloadDashboardsImage", "repository"], "value": "<prefix>mirrored/docker.io/curlimages/curl" },
            { "path": ["grafana", "initChownData", "image", "registry"], "value": "<registry>" },
            { "path": ["grafana", "initChownData", "image", "repository"], "value": "<prefix>mirrored/docker.io/library/busybox" },
            { "path": ["grafana", "imageRenderer", "image", "registry"], "value": "<registry>" },
            { "path": ["grafana", "imageRenderer", "image", "repository"], "value": "<prefix>mirrored/docker.io/grafana/grafana-image-renderer" },
            { "path": ["kube-state-metrics", "kubeRBACProxy", "image", "registry"], "value": "<registry>" },
            { "path": ["kube-state-metrics", "kubeRBACProxy", "image", "repository"], "value": "<prefix>mirrored/quay.io/brancz/kube-rbac-proxy" },
            { "path": ["prometheus-node-exporter", "kubeRBACProxy", "image", "registry"], "value": "<registry>" },
            { "path": ["prometheus-node-exporter", "kubeRBACProxy", "image", "repository"], "value": "<prefix>mirrored/quay.io/brancz/kube-rbac-proxy" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 13, "inputs": "sha256:74daa661df6a9308e938dae1cd61adbce53d855e35114ad71142b27d380233dc", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 12, "inputs": "sha256:382cae85e0a04b8fc98f024dd3cf3695ba18b13d21dd76853a9da8a55794ead0", "faults": [] }
          ]
        },
        "by-chart": {
          "values": [
            { "path": ["alertmanager", "alertmanagerSpec", "image", "registry"], "value": "<registry>" },
            { "path": ["alertmanager", "alertmanagerSpec", "image", "repository"], "value": "<prefix>kube-prometheus-stack/alertmanager" },
            { "path": ["grafana", "image", "registry"], "value": "<registry>" },
            { "path": ["grafana", "image", "repository"], "value": "<prefix>kube-prometheus-stack/grafana" },
            { "path": ["grafana", "testFramework", "image", "registry"], "value": "<registry>" },
            { "path": ["grafana", "testFramework", "image", "repository"], "value": "<prefix>kube-prometheus-stack/bats" },
            { "path": ["grafana", "sidecar", "image", "registry"], "value": "<registry>" },
            { "path": ["grafana", "sidecar", "image", "repository"], "value": "<prefix>kube-prometheus-stack/k8s-sidecar" },
            { "path": ["kube-state-metrics", "image", "registry"], "value": "<registry>" },
            { "path": ["kube-state-metrics", "image", "repository"], "value": "<prefix>kube-prometheus-stack/kube-state-metrics" },
            { "path": ["prometheus-node-exporter", "image", "registry"], "value": "<registry>" },
            { "path": ["prometheus-node-exporter", "image", "repository"], "value": "<prefix>kube-prometheus-stack/node-exporter" },
            { "path": ["prometheusOperator", "admissionWebhooks", "patch", "image", "registry"], "value": "<registry>" },
            { "path": ["prometheusOperator", "admissionWebhooks", "patch", "image", "repository"], "value": "<prefix>kube-prometheus-stack/kube-webhook-certgen" },
            { "path": ["prometheusOperator", "image", "registry"], "value": "<registry>" },
            { "path": ["prometheusOperator", "image", "repository"], "value": "<prefix>kube-prometheus-stack/prometheus-operator" },
            { "path": ["prometheusOperator", "prometheusConfigReloader", "image", "registry"], "value": "<registry>" },
            { "path": ["prometheusOperator", "prometheusConfigReloader", "image", "repository"], "value": "<prefix>kube-prometheus-stack/prometheus-config-reloader" },
            { "path": ["prometheusOperator", "thanosImage", "registry"], "value": "<registry>" },
            { "path": ["prometheusOperator", "thanosImage", "repository"], "value": "<prefix>kube-prometheus-stack/thanos" },
            { "path": ["prometheus", "prometheusSpec", "image", "registry"], "value": "<registry>" },
            { "path": ["prometheus", "prometheusSpec", "image", "repository"], "value": "<prefix>kube-prometheus-stack/prometheus" },
            { "path": ["crds", "upgradeJob", "image", "busybox", "registry"], "value": "<registry>" },
            { "path": ["crds", "upgradeJob", "image", "busybox", "repository"], "value": "<prefix>kube-prometheus-stack/busybox" },
            { "path": ["grafana", "downloadDashboardsImage", "registry"], "value": "<registry>" },
            { "path": ["grafana", "downloadDashboardsImage", "repository"], "value": "<prefix>kube-prometheus-stack/curl" },
            { "path": ["grafana", "initChownData", "image", "registry"], "value": "<registry>" },
            { "path": ["grafana", "initChownData", "image", "repository"], "value": "<prefix>kube-prometheus-stack/busybox" },
            { "path": ["grafana", "imageRenderer", "image", "registry"], "value": "<registry>" },
            { "path": ["grafana", "imageRenderer", "image", "repository"], "value": "<prefix>kube-prometheus-stack/grafana-image-renderer" },
            { "path": ["kube-state-metrics", "kubeRBACProxy", "image", "registry"], "value": "<registry>" },
            { "path": ["kube-state-metrics", "kubeRBACProxy", "image", "repository"], "value": "<prefix>kube-prometheus-stack/kube-rbac-proxy" },
            { "path": ["prometheus-node-exporter", "kubeRBACProxy", "image", "registry"], "value": "<registry>" },
            { "path": ["prometheus-node-exporter", "kubeRBACProxy", "image", "repository"], "value": "<prefix>kube-prometheus-stack/kube-rbac-proxy" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 13, "inputs": "sha256:744b247beb33e7acc242def998d9f7d33ca189c10bd88091a9707d84a05b8d51", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 12, "inputs": "sha256:3a231c15e4d7c474e8e97d803978a37813bb8015cef5d43c94668974af3bc474", "faults": [] }
          ]
        }
      },
      "undecided": [],
      "questions": [
        {
          "kind": "latent",
          "leaf": "prometheusOperator.alertmanagerDefaultBaseImage",
          "variant": "default",
          "document": "Deployment/kube-prometheus-stack-operator",
          "path": "spec.template.spec.containers[0].args[5]",
          "template": "kube-prometheus-stack/templates/prometheus-operator/deployment.yaml"
        }
      ],
      "dormant": [
        {
          "reference": "docker.io/library/busybox:latest",
          "leaves": ["crds.upgradeJob.image.busybox.registry", "crds.upgradeJob.image.busybox.repository", "crds.upgradeJob.image.busybox.tag"]
        },
        {
          "reference": "docker.io/curlimages/curl:8.9.1",
          "leaves": ["grafana.downloadDashboardsImage.registry", "grafana.downloadDashboardsImage.repository", "grafana.downloadDashboardsImage.tag"]
        },
        { "reference": "docker.io/library/busybox:1.31.1", "leaves": ["grafana.initChownData.image.registry", "grafana.initChownData.image.repository", "grafana.initChownData.image.tag"] },
        {
          "reference": "docker.io/grafana/grafana-image-renderer:latest",
          "leaves": ["grafana.imageRenderer.image.registry", "grafana.imageRenderer.image.repository", "grafana.imageRenderer.image.tag"]
        },
        {
          "reference": "quay.io/brancz/kube-rbac-proxy:v0.19.1",
          "leaves": [
            "kube-state-metrics.kubeRBACProxy.image.registry",
            "kube-state-metrics.kubeRBACProxy.image.repository",
            "kube-state-metrics.kubeRBACProxy.image.tag",
            "prometheus-node-exporter.kubeRBACProxy.image.registry",
            "prometheus-node-exporter.kubeRBACProxy.image.repository",
            "prometheus-node-exporter.kubeRBACProxy.image.tag"
          ]
        }
      ],
      "egress": [
        {
          "host": "grafana.net",
          "use": "address",
          "addresses": ["https://grafana.net"],
          "places": [
            {
              "variants": ["default", "umbrella"],
              "document": "ConfigMap/kube-prometheus-stack-grafana",
              "path": "data[\"grafana.ini\"]",
              "template": "kube-prometheus-stack/charts/grafana/templates/configmap.yaml"
            }
          ]
        }
      ],
      "notices": [
        "its templates depend on the cluster's version; Kubernetes 1.31.0 was assumed",
        "output that depends on the cluster (lookup) is not proven: charts/grafana/templates/_helpers.tpl, charts/grafana/templates/pvc.yaml"
      ]
    },
    {
      "name": "kyverno",
      "version": "3.5.2",
      "repository": "https://kyverno.github.io/kyverno",
      "group": "production",
      "variants": ["default", "umbrella"],
      "relocation": {
        "mirrored": {
          "values": [
            { "path": ["crds", "migration", "image", "defaultRegistry"], "value": "<registry>" },
            { "path": ["crds", "migration", "image", "repository"], "value": "<prefix>mirrored/reg.kyverno.io/kyverno/kyverno-cli" },
            { "path": ["test", "image", "repository"], "value": "<registry>/<prefix>mirrored/docker.io/library/busybox" },
            { "path": ["webhooksCleanup", "image", "registry"], "value": "<registry>" },
            { "path": ["webhooksCleanup", "image", "repository"], "value": "<prefix>mirrored/registry.k8s.io/kubectl" },
            { "path": ["admissionController", "initContainer", "image", "defaultRegistry"], "value": "<registry>" },
            { "path": ["admissionController", "initContainer", "image", "repository"], "value": "<prefix>mirrored/reg.kyverno.io/kyverno/kyvernopre" },
            { "path": ["admissionController", "container", "image", "defaultRegistry"], "value": "<registry>" },
            { "path": ["admissionController", "container", "image", "repository"], "value": "<prefix>mirrored/reg.kyverno.io/kyverno/kyverno" },
            { "path": ["backgroundController", "image", "defaultRegistry"], "value": "<registry>" },
            { "path": ["backgroundController", "image", "repository"], "value": "<prefix>mirrored/reg.kyverno.io/kyverno/background-controller" },
            { "path": ["cleanupController", "image", "defaultRegistry"], "value": "<registry>" },
            { "path": ["cleanupController", "image", "repository"], "value": "<prefix>mirrored/reg.kyverno.io/kyverno/cleanup-controller" },
            { "path": ["reportsController", "image", "defaultRegistry"], "value": "<registry>" },
            { "path": ["reportsController", "image", "repository"], "value": "<prefix>mirrored/reg.kyverno.io/kyverno/reports-controller" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 14, "inputs": "sha256:77a09abdea537daccc2fbe0744977cdc49ed3ddacfb60210118b86c1c4ea61f8", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 14, "inputs": "sha256:0a6e210b939442f8f26fd91bbcfdc41406d32c74fd9b827c713a4156461afe9b", "faults": [] }
          ]
        },
        "by-chart": {
          "values": [
            { "path": ["crds", "migration", "image", "defaultRegistry"], "value": "<registry>" },
            { "path": ["crds", "migration", "image", "repository"], "value": "<prefix>kyverno/kyverno-cli" },
            { "path": ["test", "image", "repository"], "value": "<registry>/<prefix>kyverno/busybox" },
            { "path": ["webhooksCleanup", "image", "registry"], "value": "<registry>/<prefix>kyverno" },
            { "path": ["admissionController", "initContainer", "image", "defaultRegistry"], "value": "<registry>" },
            { "path": ["admissionController", "initContainer", "image", "repository"], "value": "<prefix>kyverno/kyvernopre" },
            { "path": ["admissionController", "container", "image", "defaultRegistry"], "value": "<registry>" },
            { "path": ["admissionController", "container", "image", "repository"], "value": "<prefix>kyverno/kyverno" },
            { "path": ["backgroundController", "image", "defaultRegistry"], "value": "<registry>" },
            { "path": ["backgroundController", "image", "repository"], "value": "<prefix>kyverno/background-controller" },
            { "path": ["cleanupController", "image", "defaultRegistry"], "value": "<registry>" },
            { "path": ["cleanupController", "image", "repository"], "value": "<prefix>kyverno/cleanup-controller" },
            { "path": ["reportsController", "image", "defaultRegistry"], "value": "<registry>" },
            { "path": ["reportsController", "image", "repository"], "value": "<prefix>kyverno/reports-controller" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 14, "inputs": "sha256:9048306e77dab49ba719ca0eb8bda66c510794bb0ead2c0e9fd7c52bc96efe75", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 14, "inputs": "sha256:24e618e8f35212081d9086360b96f80f5011303f3d1085fe4bb511ecf127c220", "faults": [] }
          ]
        }
      },
      "undecided": [],
      "questions": [
        {
          "kind": "public-host",
          "host": "docker.io",
          "variant": "default",
          "document": "ConfigMap/kyverno",
          "path": "data.defaultRegistry",
          "template": "kyverno/templates/config/configmap.yaml"
        }
      ],
      "dormant": [],
      "notices": ["its templates depend on the cluster's version; Kubernetes 1.31.0 was assumed", "output that depends on the cluster (lookup) is not proven: templates/validate.yaml"]
    },
    {
      "name": "localstack",
      "version": "0.6.23",
      "repository": "https://localstack.github.io/helm-charts",
      "group": "development",
      "variants": ["default", "umbrella"],
      "relocation": {
        "mirrored": {
          "values": [
            { "path": ["image", "repository"], "value": "<registry>/<prefix>mirrored/docker.io/localstack/localstack" },
            { "path": ["tests", "image", "repository"], "value": "<registry>/<prefix>mirrored/docker.io/amazon/aws-cli" },
            { "path": ["mountDind", "image"], "value": "<registry>/<prefix>mirrored/docker.io/library/docker:20.10-dind" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 3, "inputs": "sha256:f4f6ef4b8ec52809f0127c014be6cffe607496eee7c9c5a298a19b504dd0040e", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 3, "inputs": "sha256:7b669fe9e5c882e58034850f9311d462508f26b6ddce5ca9b8fa027cc04e2994", "faults": [] }
          ]
        },
        "by-chart": {
          "values": [
            { "path": ["image", "repository"], "value": "<registry>/<prefix>localstack/localstack" },
            { "path": ["tests", "image", "repository"], "value": "<registry>/<prefix>localstack/aws-cli" },
            { "path": ["mountDind", "image"], "value": "<registry>/<prefix>localstack/docker:20.10-dind" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 3, "inputs": "sha256:db031f75198da334e2c3349b60c48b1074011163580fb183be502d9796409f29", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 3, "inputs": "sha256:eb74034a91ddd8771e3f2e83c639a5cd261f6fb32994f70890d10a1867faa081", "faults": [] }
          ]
        }
      },
      "undecided": [],
      "questions": [],
      "dormant": [{ "reference": "docker.io/library/docker:20.10-dind", "leaves": ["mountDind.image"] }],
      "notices": [
        "its templates depend on the cluster's version; Kubernetes 1.31.0 was assumed",
        "output that depends on the cluster (lookup) is not proven: charts/common/templates/_secrets.tpl",
        "output that depends on the APIs of the cluster is not proven: charts/common/templates/_capabilities.tpl"
      ]
    },
    {
      "name": "opentelemetry-operator",
      "version": "0.86.4",
      "repository": "https://open-telemetry.github.io/opentelemetry-helm-charts",
      "group": "production",
      "variants": ["default", "umbrella"],
      "relocation": {
        "mirrored": {
          "values": [
            { "path": ["manager", "image", "repository"], "value": "<registry>/<prefix>mirrored/ghcr.io/open-telemetry/opentelemetry-operator/opentelemetry-operator" },
            { "path": ["manager", "collectorImage", "repository"], "value": "<registry>/<prefix>mirrored/public.ecr.aws/aws-observability/aws-otel-collector" },
            { "path": ["kubeRBACProxy", "image", "repository"], "value": "<registry>/<prefix>mirrored/quay.io/brancz/kube-rbac-proxy" },
            { "path": ["testFramework", "image", "repository"], "value": "<registry>/<prefix>mirrored/docker.io/library/busybox" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 6, "inputs": "sha256:77a37e15408ccf5893bb55d22b87538f32ab9c071fb6b7bf6e27107189427f39", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 6, "inputs": "sha256:76531ba09f9dbe7dcc7131a335c352e0fd16acac407f385426d2162573266b67", "faults": [] }
          ]
        },
        "by-chart": {
          "values": [
            { "path": ["manager", "image", "repository"], "value": "<registry>/<prefix>opentelemetry-operator/opentelemetry-operator" },
            { "path": ["manager", "collectorImage", "repository"], "value": "<registry>/<prefix>opentelemetry-operator/aws-otel-collector" },
            { "path": ["kubeRBACProxy", "image", "repository"], "value": "<registry>/<prefix>opentelemetry-operator/kube-rbac-proxy" },
            { "path": ["testFramework", "image", "repository"], "value": "<registry>/<prefix>opentelemetry-operator/busybox" }
          ],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 6, "inputs": "sha256:4cf09ac8305a4db5d8c395033cdc29515fde4955af3fb200384c946a8fb0d3be", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 6, "inputs": "sha256:5cd59324d394b2ebf35e0b9ee7e7970b07edbe8089c53f1dffd089f72b083b91", "faults": [] }
          ]
        }
      },
      "undecided": [],
      "questions": [],
      "dormant": [],
      "notices": [
        "its values.schema.json is invalid and was skipped: \"file:///values.schema.json#\" is not valid against metaschema: jsonschema validation failed with 'https://json-schema.o…",
        "output that depends on the cluster (lookup) is not proven: templates/_helpers.tpl"
      ]
    },
    {
      "name": "strimzi-kafka-operator",
      "version": "0.47.0",
      "repository": "https://strimzi.io/charts",
      "group": "production",
      "variants": ["default", "umbrella"],
      "relocation": {
        "mirrored": {
          "values": [{ "path": ["defaultImageRegistry"], "value": "<registry>" }, { "path": ["defaultImageRepository"], "value": "<prefix>mirrored/quay.io/strimzi" }],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 18, "inputs": "sha256:060a9ac46d58545280d0fc463d584b526683b6202cdf3fc4a396a5f2ef8a9e9c", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 18, "inputs": "sha256:829972ee0308e3c90431355108b7c572c11f2e9bd47912ab675812cc497d24e5", "faults": [] }
          ]
        },
        "by-chart": {
          "values": [{ "path": ["defaultImageRegistry"], "value": "<registry>" }, { "path": ["defaultImageRepository"], "value": "<prefix>strimzi-kafka-operator" }],
          "unreached": [],
          "proofs": [
            { "variant": "default", "result": "proven", "places": 18, "inputs": "sha256:8a29e1cd20639769344bc45605e0bfb034b45a398c14c264d76534b6e76ff2a7", "faults": [] },
            { "variant": "umbrella", "result": "proven", "places": 18, "inputs": "sha256:1745ed033659a750818539fa68603554b24a1baa372eda56f8a877b59ce8ef40", "faults": [] }
          ]
        }
      },
      "undecided": [],
      "questions": [],
      "dormant": [],
      "notices": ["its templates depend on the cluster's version; Kubernetes 1.31.0 was assumed", "output that depends on the cluster (lookup) is not proven: templates/_helpers.tpl"]
    }
  ],
  "images": [
    {
      "reference": "cr.fluentbit.io/fluent/fluent-bit:4.0.1",
      "charts": ["fluent-bit"],
      "found": [
        {
          "chart": "fluent-bit",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "DaemonSet/fluent-bit",
          "path": "spec.template.spec.containers[0].image",
          "template": "fluent-bit/templates/daemonset.yaml",
          "leaves": ["image.repository"]
        }
      ]
    },
    { "reference": "docker.io/amazon/aws-cli:2.25.11", "charts": [], "reason": "creates the default snapshot bucket; set in the values of the umbrella chart", "found": [] },
    {
      "reference": "docker.io/amazon/aws-cli:latest",
      "charts": ["localstack"],
      "found": [
        {
          "chart": "localstack",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Pod/localstack-test-connection",
          "path": "spec.containers[0].image",
          "template": "localstack/templates/tests/test-connection.yaml",
          "leaves": ["tests.image.repository"]
        },
        {
          "chart": "localstack",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Pod/localstack-test-s3",
          "path": "spec.containers[0].image",
          "template": "localstack/templates/tests/test-s3.yaml",
          "leaves": ["tests.image.repository"]
        }
      ]
    },
    {
      "reference": "docker.io/bats/bats:v1.4.1",
      "charts": ["grafana", "kube-prometheus-stack"],
      "found": [
        {
          "chart": "kube-prometheus-stack",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Pod/kube-prometheus-stack-grafana-test",
          "path": "spec.containers[0].image",
          "template": "kube-prometheus-stack/charts/grafana/templates/tests/test.yaml",
          "leaves": ["grafana.testFramework.image.registry", "grafana.testFramework.image.repository"]
        },
        {
          "chart": "grafana",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Pod/grafana-test",
          "path": "spec.containers[0].image",
          "template": "grafana/templates/tests/test.yaml",
          "leaves": ["testFramework.image.registry", "testFramework.image.repository"]
        }
      ]
    },
    {
      "reference": "docker.io/grafana/grafana:11.6.1",
      "charts": ["grafana", "kube-prometheus-stack"],
      "found": [
        {
          "chart": "kube-prometheus-stack",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Deployment/kube-prometheus-stack-grafana",
          "path": "spec.template.spec.containers[2].image",
          "template": "kube-prometheus-stack/charts/grafana/templates/deployment.yaml",
          "leaves": ["grafana.image.registry", "grafana.image.repository"]
        },
        {
          "chart": "grafana",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Deployment/grafana",
          "path": "spec.template.spec.containers[0].image",
          "template": "grafana/templates/deployment.yaml",
          "leaves": ["image.registry", "image.repository"]
        }
      ]
    },
    {
      "reference": "docker.io/jaegertracing/all-in-one:1.53.0",
      "charts": ["jaeger"],
      "found": [
        {
          "chart": "jaeger",
          "variants": ["umbrella"],
          "class": "certain",
          "document": "Deployment/jaeger",
          "path": "spec.template.spec.containers[0].image",
          "template": "jaeger/templates/allinone-deploy.yaml",
          "leaves": ["allInOne.image.repository"]
        }
      ]
    },
    {
      "reference": "docker.io/jaegertracing/jaeger-agent:1.53.0",
      "charts": ["jaeger"],
      "found": [
        {
          "chart": "jaeger",
          "variants": ["default"],
          "class": "certain",
          "document": "DaemonSet/jaeger-agent",
          "path": "spec.template.spec.containers[0].image",
          "template": "jaeger/templates/agent-ds.yaml",
          "leaves": ["agent.image.repository"]
        },
        {
          "chart": "jaeger",
          "variants": ["default"],
          "class": "certain",
          "document": "Deployment/jaeger-query",
          "path": "spec.template.spec.containers[1].image",
          "template": "jaeger/templates/query-deploy.yaml",
          "leaves": ["agent.image.repository"]
        }
      ]
    },
    {
      "reference": "docker.io/jaegertracing/jaeger-cassandra-schema:1.53.0",
      "charts": ["jaeger"],
      "found": [
        {
          "chart": "jaeger",
          "variants": ["default"],
          "class": "certain",
          "document": "Job/jaeger-cassandra-schema",
          "path": "spec.template.spec.containers[0].image",
          "template": "jaeger/templates/cassandra-schema-job.yaml",
          "leaves": ["schema.image.repository"]
        }
      ]
    },
    {
      "reference": "docker.io/jaegertracing/jaeger-collector:1.53.0",
      "charts": ["jaeger"],
      "found": [
        {
          "chart": "jaeger",
          "variants": ["default"],
          "class": "certain",
          "document": "Deployment/jaeger-collector",
          "path": "spec.template.spec.containers[0].image",
          "template": "jaeger/templates/collector-deploy.yaml",
          "leaves": ["collector.image.repository"]
        }
      ]
    },
    {
      "reference": "docker.io/jaegertracing/jaeger-query:1.53.0",
      "charts": ["jaeger"],
      "found": [
        {
          "chart": "jaeger",
          "variants": ["default"],
          "class": "certain",
          "document": "Deployment/jaeger-query",
          "path": "spec.template.spec.containers[0].image",
          "template": "jaeger/templates/query-deploy.yaml",
          "leaves": ["query.image.repository"]
        }
      ]
    },
    {
      "reference": "docker.io/library/busybox:1.35",
      "charts": ["kyverno"],
      "found": [
        {
          "chart": "kyverno",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Pod/kyverno-admission-controller-metrics",
          "path": "spec.containers[0].image",
          "template": "kyverno/templates/tests/admission-controller-metrics.yaml",
          "leaves": ["test.image.repository"]
        },
        {
          "chart": "kyverno",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Pod/kyverno-cleanup-controller-liveness",
          "path": "spec.containers[0].image",
          "template": "kyverno/templates/tests/cleanup-controller-liveness.yaml",
          "leaves": ["test.image.repository"]
        },
        {
          "chart": "kyverno",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Pod/kyverno-cleanup-controller-metrics",
          "path": "spec.containers[0].image",
          "template": "kyverno/templates/tests/cleanup-controller-metrics.yaml",
          "leaves": ["test.image.repository"]
        },
        {
          "chart": "kyverno",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Pod/kyverno-cleanup-controller-readiness",
          "path": "spec.containers[0].image",
          "template": "kyverno/templates/tests/cleanup-controller-readiness.yaml",
          "leaves": ["test.image.repository"]
        },
        {
          "chart": "kyverno",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Pod/kyverno-reports-controller-metrics",
          "path": "spec.containers[0].image",
          "template": "kyverno/templates/tests/reports-controller-metrics.yaml",
          "leaves": ["test.image.repository"]
        }
      ]
    },
    {
      "reference": "docker.io/library/busybox:latest",
      "charts": ["fluent-bit", "opentelemetry-operator"],
      "found": [
        {
          "chart": "fluent-bit",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Pod/fluent-bit-test-connection",
          "path": "spec.containers[0].image",
          "template": "fluent-bit/templates/tests/test-connection.yaml",
          "leaves": ["testFramework.image.repository"]
        },
        {
          "chart": "opentelemetry-operator",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Pod/opentelemetry-operator-cert-manager",
          "path": "spec.containers[0].image",
          "template": "opentelemetry-operator/templates/tests/test-certmanager-connection.yaml",
          "leaves": ["testFramework.image.repository"]
        },
        {
          "chart": "opentelemetry-operator",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Pod/opentelemetry-operator-metrics",
          "path": "spec.containers[0].image",
          "template": "opentelemetry-operator/templates/tests/test-service-connection.yaml",
          "leaves": ["testFramework.image.repository"]
        },
        {
          "chart": "opentelemetry-operator",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Pod/opentelemetry-operator-webhook",
          "path": "spec.containers[0].image",
          "template": "opentelemetry-operator/templates/tests/test-service-connection.yaml",
          "leaves": ["testFramework.image.repository"]
        }
      ]
    },
    {
      "reference": "docker.io/library/cassandra:3.11.6",
      "charts": ["jaeger"],
      "found": [
        {
          "chart": "jaeger",
          "variants": ["default"],
          "class": "certain",
          "document": "StatefulSet/jaeger-cassandra",
          "path": "spec.template.spec.containers[0].image",
          "template": "jaeger/charts/cassandra/templates/statefulset.yaml",
          "leaves": ["cassandra.image.repo"]
        }
      ]
    },
    {
      "reference": "docker.io/localstack/localstack:4.3.0",
      "charts": ["localstack"],
      "found": [
        {
          "chart": "localstack",
          "variants": ["umbrella"],
          "class": "certain",
          "document": "Deployment/localstack",
          "path": "spec.template.spec.containers[0].image",
          "template": "localstack/templates/deployment.yaml",
          "leaves": ["image.repository"]
        }
      ]
    },
    {
      "reference": "docker.io/localstack/localstack:latest",
      "charts": ["localstack"],
      "found": [
        {
          "chart": "localstack",
          "variants": ["default"],
          "class": "certain",
          "document": "Deployment/localstack",
          "path": "spec.template.spec.containers[0].image",
          "template": "localstack/templates/deployment.yaml",
          "leaves": ["image.repository"]
        }
      ]
    },
    {
      "reference": "gcr.io/kubebuilder/kube-rbac-proxy:v0.16.0",
      "charts": ["etcd-operator"],
      "found": [
        {
          "chart": "etcd-operator",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Deployment/etcd-operator-controller-manager",
          "path": "spec.template.spec.containers[1].image",
          "template": "etcd-operator/templates/workload/deployment.yml",
          "leaves": ["kubeRbacProxy.image.repository"]
        }
      ]
    },
    {
      "reference": "ghcr.io/aenix-io/etcd-operator:v0.4.2",
      "charts": ["etcd-operator"],
      "found": [
        {
          "chart": "etcd-operator",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Deployment/etcd-operator-controller-manager",
          "path": "spec.template.spec.containers[0].image",
          "template": "etcd-operator/templates/workload/deployment.yml",
          "leaves": ["etcdOperator.image.repository"]
        }
      ]
    },
    {
      "reference": "ghcr.io/open-telemetry/opentelemetry-operator/opentelemetry-operator:0.122.0",
      "charts": ["opentelemetry-operator"],
      "found": [
        {
          "chart": "opentelemetry-operator",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Deployment/opentelemetry-operator",
          "path": "spec.template.spec.containers[0].image",
          "template": "opentelemetry-operator/templates/deployment.yaml",
          "leaves": ["manager.image.repository"]
        }
      ]
    },
    {
      "reference": "public.ecr.aws/aws-observability/aws-otel-collector:0.43.2",
      "charts": ["opentelemetry-operator"],
      "found": [
        {
          "chart": "opentelemetry-operator",
          "variants": ["umbrella"],
          "class": "embedded",
          "document": "Deployment/opentelemetry-operator",
          "path": "spec.template.spec.containers[0].args[4]",
          "template": "opentelemetry-operator/templates/deployment.yaml",
          "leaves": ["manager.collectorImage.repository"]
        }
      ]
    },
    {
      "reference": "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3",
      "charts": ["opentelemetry-operator"],
      "found": [
        {
          "chart": "opentelemetry-operator",
          "variants": ["default"],
          "class": "embedded",
          "document": "Deployment/opentelemetry-operator",
          "path": "spec.template.spec.containers[0].args[4]",
          "template": "opentelemetry-operator/templates/deployment.yaml",
          "leaves": ["manager.collectorImage.repository"]
        }
      ]
    },
    {
      "reference": "quay.io/argoproj/argocli:v3.7.8",
      "charts": ["argo-workflows"],
      "found": [
        {
          "chart": "argo-workflows",
          "variants": ["default"],
          "class": "certain",
          "document": "Deployment/argo-workflows-server",
          "path": "spec.template.spec.containers[0].image",
          "template": "argo-workflows/templates/server/server-deployment.yaml",
          "leaves": ["server.image.registry", "server.image.repository"]
        }
      ]
    },
    {
      "reference": "quay.io/argoproj/argocli:v3.7.9",
      "charts": ["argo-workflows"],
      "found": [
        {
          "chart": "argo-workflows",
          "variants": ["umbrella"],
          "class": "certain",
          "document": "Deployment/argo-server",
          "path": "spec.template.spec.containers[0].image",
          "template": "argo-workflows/templates/server/server-deployment.yaml",
          "leaves": ["server.image.registry", "server.image.repository"]
        }
      ]
    },
    {
      "reference": "quay.io/argoproj/argoexec:v3.7.8",
      "charts": ["argo-workflows"],
      "found": [
        {
          "chart": "argo-workflows",
          "variants": ["default"],
          "class": "embedded",
          "document": "Deployment/argo-workflows-workflow-controller",
          "path": "spec.template.spec.containers[0].args[3]",
          "template": "argo-workflows/templates/controller/workflow-controller-deployment.yaml",
          "leaves": ["executor.image.registry", "executor.image.repository"]
        }
      ]
    },
    {
      "reference": "quay.io/argoproj/argoexec:v3.7.9",
      "charts": ["argo-workflows"],
      "found": [
        {
          "chart": "argo-workflows",
          "variants": ["umbrella"],
          "class": "embedded",
          "document": "Deployment/argo-workflow-controller",
          "path": "spec.template.spec.containers[0].args[3]",
          "template": "argo-workflows/templates/controller/workflow-controller-deployment.yaml",
          "leaves": ["executor.image.registry", "executor.image.repository"]
        }
      ]
    },
    {
      "reference": "quay.io/argoproj/workflow-controller:v3.7.8",
      "charts": ["argo-workflows"],
      "found": [
        {
          "chart": "argo-workflows",
          "variants": ["default"],
          "class": "certain",
          "document": "Deployment/argo-workflows-workflow-controller",
          "path": "spec.template.spec.containers[0].image",
          "template": "argo-workflows/templates/controller/workflow-controller-deployment.yaml",
          "leaves": ["controller.image.registry", "controller.image.repository"]
        }
      ]
    },
    {
      "reference": "quay.io/argoproj/workflow-controller:v3.7.9",
      "charts": ["argo-workflows"],
      "found": [
        {
          "chart": "argo-workflows",
          "variants": ["umbrella"],
          "class": "certain",
          "document": "Deployment/argo-workflow-controller",
          "path": "spec.template.spec.containers[0].image",
          "template": "argo-workflows/templates/controller/workflow-controller-deployment.yaml",
          "leaves": ["controller.image.registry", "controller.image.repository"]
        }
      ]
    },
    {
      "reference": "quay.io/brancz/kube-rbac-proxy:v0.18.1",
      "charts": ["opentelemetry-operator"],
      "found": [
        {
          "chart": "opentelemetry-operator",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Deployment/opentelemetry-operator",
          "path": "spec.template.spec.containers[1].image",
          "template": "opentelemetry-operator/templates/deployment.yaml",
          "leaves": ["kubeRBACProxy.image.repository"]
        }
      ]
    },
    {
      "reference": "quay.io/jetstack/cert-manager-acmesolver:v1.17.2",
      "charts": ["cert-manager"],
      "found": [
        {
          "chart": "cert-manager",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/cert-manager",
          "path": "spec.template.spec.containers[0].args[3]",
          "template": "cert-manager/templates/deployment.yaml",
          "leaves": ["acmesolver.image.repository"]
        }
      ]
    },
    {
      "reference": "quay.io/jetstack/cert-manager-cainjector:v1.17.2",
      "charts": ["cert-manager"],
      "found": [
        {
          "chart": "cert-manager",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Deployment/cert-manager-cainjector",
          "path": "spec.template.spec.containers[0].image",
          "template": "cert-manager/templates/cainjector-deployment.yaml",
          "leaves": ["cainjector.image.repository"]
        }
      ]
    },
    {
      "reference": "quay.io/jetstack/cert-manager-controller:v1.17.2",
      "charts": ["cert-manager"],
      "found": [
        {
          "chart": "cert-manager",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Deployment/cert-manager",
          "path": "spec.template.spec.containers[0].image",
          "template": "cert-manager/templates/deployment.yaml",
          "leaves": ["image.repository"]
        }
      ]
    },
    {
      "reference": "quay.io/jetstack/cert-manager-startupapicheck:v1.17.2",
      "charts": ["cert-manager"],
      "found": [
        {
          "chart": "cert-manager",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Job/cert-manager-startupapicheck",
          "path": "spec.template.spec.containers[0].image",
          "template": "cert-manager/templates/startupapicheck-job.yaml",
          "leaves": ["startupapicheck.image.repository"]
        }
      ]
    },
    {
      "reference": "quay.io/jetstack/cert-manager-webhook:v1.17.2",
      "charts": ["cert-manager"],
      "found": [
        {
          "chart": "cert-manager",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Deployment/cert-manager-webhook",
          "path": "spec.template.spec.containers[0].image",
          "template": "cert-manager/templates/webhook-deployment.yaml",
          "leaves": ["webhook.image.repository"]
        }
      ]
    },
    {
      "reference": "quay.io/kiwigrid/k8s-sidecar:1.30.0",
      "charts": ["kube-prometheus-stack"],
      "found": [
        {
          "chart": "kube-prometheus-stack",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Deployment/kube-prometheus-stack-grafana",
          "path": "spec.template.spec.containers[0].image",
          "template": "kube-prometheus-stack/charts/grafana/templates/deployment.yaml",
          "leaves": ["grafana.sidecar.image.registry", "grafana.sidecar.image.repository"]
        },
        {
          "chart": "kube-prometheus-stack",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Deployment/kube-prometheus-stack-grafana",
          "path": "spec.template.spec.containers[1].image",
          "template": "kube-prometheus-stack/charts/grafana/templates/deployment.yaml",
          "leaves": ["grafana.sidecar.image.registry", "grafana.sidecar.image.repository"]
        }
      ]
    },
    {
      "reference": "quay.io/prometheus-operator/prometheus-config-reloader:v0.82.0",
      "charts": ["kube-prometheus-stack"],
      "found": [
        {
          "chart": "kube-prometheus-stack",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/kube-prometheus-stack-operator",
          "path": "spec.template.spec.containers[0].args[4]",
          "template": "kube-prometheus-stack/templates/prometheus-operator/deployment.yaml",
          "leaves": ["prometheusOperator.prometheusConfigReloader.image.registry", "prometheusOperator.prometheusConfigReloader.image.repository"]
        }
      ]
    },
    {
      "reference": "quay.io/prometheus-operator/prometheus-operator:v0.82.0",
      "charts": ["kube-prometheus-stack"],
      "found": [
        {
          "chart": "kube-prometheus-stack",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Deployment/kube-prometheus-stack-operator",
          "path": "spec.template.spec.containers[0].image",
          "template": "kube-prometheus-stack/templates/prometheus-operator/deployment.yaml",
          "leaves": ["prometheusOperator.image.registry", "prometheusOperator.image.repository"]
        }
      ]
    },
    {
      "reference": "quay.io/prometheus/alertmanager:v0.28.1",
      "charts": ["kube-prometheus-stack"],
      "found": [
        {
          "chart": "kube-prometheus-stack",
          "variants": ["default"],
          "class": "certain",
          "document": "Alertmanager/kube-prometheus-stack-alertmanager",
          "path": "spec.image",
          "template": "kube-prometheus-stack/templates/alertmanager/alertmanager.yaml",
          "leaves": ["alertmanager.alertmanagerSpec.image.registry", "alertmanager.alertmanagerSpec.image.repository"]
        }
      ]
    },
    {
      "reference": "quay.io/prometheus/node-exporter:v1.9.1",
      "charts": ["kube-prometheus-stack"],
      "found": [
        {
          "chart": "kube-prometheus-stack",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "DaemonSet/kube-prometheus-stack-prometheus-node-exporter",
          "path": "spec.template.spec.containers[0].image",
          "template": "kube-prometheus-stack/charts/prometheus-node-exporter/templates/daemonset.yaml",
          "leaves": ["prometheus-node-exporter.image.registry", "prometheus-node-exporter.image.repository"]
        }
      ]
    },
    {
      "reference": "quay.io/prometheus/prometheus:v3.3.1",
      "charts": ["kube-prometheus-stack"],
      "found": [
        {
          "chart": "kube-prometheus-stack",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Prometheus/kube-prometheus-stack-prometheus",
          "path": "spec.image",
          "template": "kube-prometheus-stack/templates/prometheus/prometheus.yaml",
          "leaves": ["prometheus.prometheusSpec.image.registry", "prometheus.prometheusSpec.image.repository"]
        }
      ]
    },
    {
      "reference": "quay.io/strimzi/kafka-bridge:0.32.0",
      "charts": ["strimzi-kafka-operator"],
      "found": [
        {
          "chart": "strimzi-kafka-operator",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/strimzi-cluster-operator",
          "path": "spec.template.spec.containers[0].env[11].value",
          "template": "strimzi-kafka-operator/templates/060-Deployment-strimzi-cluster-operator.yaml",
          "leaves": ["defaultImageRegistry", "defaultImageRepository", "kafkaBridge.image.name"]
        }
      ]
    },
    {
      "reference": "quay.io/strimzi/kafka:0.47.0-kafka-3.9.0",
      "charts": ["strimzi-kafka-operator"],
      "found": [
        {
          "chart": "strimzi-kafka-operator",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/strimzi-cluster-operator",
          "path": "spec.template.spec.containers[0].env[5].value",
          "template": "strimzi-kafka-operator/templates/060-Deployment-strimzi-cluster-operator.yaml",
          "leaves": ["defaultImageRegistry", "defaultImageRepository", "kafka.image.name"]
        },
        {
          "chart": "strimzi-kafka-operator",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/strimzi-cluster-operator",
          "path": "spec.template.spec.containers[0].env[6].value",
          "template": "strimzi-kafka-operator/templates/060-Deployment-strimzi-cluster-operator.yaml",
          "leaves": ["defaultImageRegistry", "defaultImageRepository", "kafkaConnect.image.name"]
        },
        {
          "chart": "strimzi-kafka-operator",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/strimzi-cluster-operator",
          "path": "spec.template.spec.containers[0].env[7].value",
          "template": "strimzi-kafka-operator/templates/060-Deployment-strimzi-cluster-operator.yaml",
          "leaves": ["defaultImageRegistry", "defaultImageRepository", "kafkaMirrorMaker2.image.name"]
        }
      ]
    },
    {
      "reference": "quay.io/strimzi/kafka:0.47.0-kafka-3.9.1",
      "charts": ["strimzi-kafka-operator"],
      "found": [
        {
          "chart": "strimzi-kafka-operator",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/strimzi-cluster-operator",
          "path": "spec.template.spec.containers[0].env[5].value",
          "template": "strimzi-kafka-operator/templates/060-Deployment-strimzi-cluster-operator.yaml",
          "leaves": ["defaultImageRegistry", "defaultImageRepository", "kafka.image.name"]
        },
        {
          "chart": "strimzi-kafka-operator",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/strimzi-cluster-operator",
          "path": "spec.template.spec.containers[0].env[6].value",
          "template": "strimzi-kafka-operator/templates/060-Deployment-strimzi-cluster-operator.yaml",
          "leaves": ["defaultImageRegistry", "defaultImageRepository", "kafkaConnect.image.name"]
        },
        {
          "chart": "strimzi-kafka-operator",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/strimzi-cluster-operator",
          "path": "spec.template.spec.containers[0].env[7].value",
          "template": "strimzi-kafka-operator/templates/060-Deployment-strimzi-cluster-operator.yaml",
          "leaves": ["defaultImageRegistry", "defaultImageRepository", "kafkaMirrorMaker2.image.name"]
        }
      ]
    },
    {
      "reference": "quay.io/strimzi/kafka:0.47.0-kafka-4.0.0",
      "charts": ["strimzi-kafka-operator"],
      "found": [
        {
          "chart": "strimzi-kafka-operator",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/strimzi-cluster-operator",
          "path": "spec.template.spec.containers[0].env[3].value",
          "template": "strimzi-kafka-operator/templates/060-Deployment-strimzi-cluster-operator.yaml",
          "leaves": ["defaultImageRegistry", "defaultImageRepository", "kafkaExporter.image.name"]
        },
        {
          "chart": "strimzi-kafka-operator",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/strimzi-cluster-operator",
          "path": "spec.template.spec.containers[0].env[4].value",
          "template": "strimzi-kafka-operator/templates/060-Deployment-strimzi-cluster-operator.yaml",
          "leaves": ["defaultImageRegistry", "defaultImageRepository", "cruiseControl.image.name"]
        },
        {
          "chart": "strimzi-kafka-operator",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/strimzi-cluster-operator",
          "path": "spec.template.spec.containers[0].env[5].value",
          "template": "strimzi-kafka-operator/templates/060-Deployment-strimzi-cluster-operator.yaml",
          "leaves": ["defaultImageRegistry", "defaultImageRepository", "kafka.image.name"]
        },
        {
          "chart": "strimzi-kafka-operator",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/strimzi-cluster-operator",
          "path": "spec.template.spec.containers[0].env[6].value",
          "template": "strimzi-kafka-operator/templates/060-Deployment-strimzi-cluster-operator.yaml",
          "leaves": ["defaultImageRegistry", "defaultImageRepository", "kafkaConnect.image.name"]
        },
        {
          "chart": "strimzi-kafka-operator",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/strimzi-cluster-operator",
          "path": "spec.template.spec.containers[0].env[7].value",
          "template": "strimzi-kafka-operator/templates/060-Deployment-strimzi-cluster-operator.yaml",
          "leaves": ["defaultImageRegistry", "defaultImageRepository", "kafkaMirrorMaker2.image.name"]
        }
      ]
    },
    {
      "reference": "quay.io/strimzi/kaniko-executor:0.47.0",
      "charts": ["strimzi-kafka-operator"],
      "found": [
        {
          "chart": "strimzi-kafka-operator",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/strimzi-cluster-operator",
          "path": "spec.template.spec.containers[0].env[12].value",
          "template": "strimzi-kafka-operator/templates/060-Deployment-strimzi-cluster-operator.yaml",
          "leaves": ["defaultImageRegistry", "defaultImageRepository", "kanikoExecutor.image.name"]
        }
      ]
    },
    {
      "reference": "quay.io/strimzi/maven-builder:0.47.0",
      "charts": ["strimzi-kafka-operator"],
      "found": [
        {
          "chart": "strimzi-kafka-operator",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/strimzi-cluster-operator",
          "path": "spec.template.spec.containers[0].env[13].value",
          "template": "strimzi-kafka-operator/templates/060-Deployment-strimzi-cluster-operator.yaml",
          "leaves": ["defaultImageRegistry", "defaultImageRepository", "mavenBuilder.image.name"]
        }
      ]
    },
    {
      "reference": "quay.io/strimzi/operator:0.47.0",
      "charts": ["strimzi-kafka-operator"],
      "found": [
        {
          "chart": "strimzi-kafka-operator",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Deployment/strimzi-cluster-operator",
          "path": "spec.template.spec.containers[0].image",
          "template": "strimzi-kafka-operator/templates/060-Deployment-strimzi-cluster-operator.yaml",
          "leaves": ["defaultImageRegistry", "defaultImageRepository", "image.name"]
        },
        {
          "chart": "strimzi-kafka-operator",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/strimzi-cluster-operator",
          "path": "spec.template.spec.containers[0].env[8].value",
          "template": "strimzi-kafka-operator/templates/060-Deployment-strimzi-cluster-operator.yaml",
          "leaves": ["defaultImageRegistry", "defaultImageRepository", "topicOperator.image.name"]
        },
        {
          "chart": "strimzi-kafka-operator",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/strimzi-cluster-operator",
          "path": "spec.template.spec.containers[0].env[9].value",
          "template": "strimzi-kafka-operator/templates/060-Deployment-strimzi-cluster-operator.yaml",
          "leaves": ["defaultImageRegistry", "defaultImageRepository", "userOperator.image.name"]
        },
        {
          "chart": "strimzi-kafka-operator",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/strimzi-cluster-operator",
          "path": "spec.template.spec.containers[0].env[10].value",
          "template": "strimzi-kafka-operator/templates/060-Deployment-strimzi-cluster-operator.yaml",
          "leaves": ["defaultImageRegistry", "defaultImageRepository", "kafkaInit.image.name"]
        }
      ]
    },
    {
      "reference": "quay.io/thanos/thanos:v0.38.0",
      "charts": ["kube-prometheus-stack"],
      "found": [
        {
          "chart": "kube-prometheus-stack",
          "variants": ["default", "umbrella"],
          "class": "embedded",
          "document": "Deployment/kube-prometheus-stack-operator",
          "path": "spec.template.spec.containers[0].args[9]",
          "template": "kube-prometheus-stack/templates/prometheus-operator/deployment.yaml",
          "leaves": ["prometheusOperator.thanosImage.registry", "prometheusOperator.thanosImage.repository"]
        }
      ]
    },
    {
      "reference": "reg.kyverno.io/kyverno/background-controller:v1.15.2",
      "charts": ["kyverno"],
      "found": [
        {
          "chart": "kyverno",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Deployment/kyverno-background-controller",
          "path": "spec.template.spec.containers[0].image",
          "template": "kyverno/templates/background-controller/deployment.yaml",
          "leaves": ["backgroundController.image.defaultRegistry", "backgroundController.image.repository"]
        }
      ]
    },
    {
      "reference": "reg.kyverno.io/kyverno/cleanup-controller:v1.15.2",
      "charts": ["kyverno"],
      "found": [
        {
          "chart": "kyverno",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Deployment/kyverno-cleanup-controller",
          "path": "spec.template.spec.containers[0].image",
          "template": "kyverno/templates/cleanup-controller/deployment.yaml",
          "leaves": ["cleanupController.image.defaultRegistry", "cleanupController.image.repository"]
        }
      ]
    },
    {
      "reference": "reg.kyverno.io/kyverno/kyverno-cli:v1.15.2",
      "charts": ["kyverno"],
      "found": [
        {
          "chart": "kyverno",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Job/kyverno-migrate-resources",
          "path": "spec.template.spec.containers[0].image",
          "template": "kyverno/templates/hooks/post-upgrade-migrate-resources.yaml",
          "leaves": ["crds.migration.image.defaultRegistry", "crds.migration.image.repository"]
        }
      ]
    },
    {
      "reference": "reg.kyverno.io/kyverno/kyverno:v1.15.2",
      "charts": ["kyverno"],
      "found": [
        {
          "chart": "kyverno",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Deployment/kyverno-admission-controller",
          "path": "spec.template.spec.containers[0].image",
          "template": "kyverno/templates/admission-controller/deployment.yaml",
          "leaves": ["admissionController.container.image.defaultRegistry", "admissionController.container.image.repository"]
        }
      ]
    },
    {
      "reference": "reg.kyverno.io/kyverno/kyvernopre:v1.15.2",
      "charts": ["kyverno"],
      "found": [
        {
          "chart": "kyverno",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Deployment/kyverno-admission-controller",
          "path": "spec.template.spec.initContainers[0].image",
          "template": "kyverno/templates/admission-controller/deployment.yaml",
          "leaves": ["admissionController.initContainer.image.defaultRegistry", "admissionController.initContainer.image.repository"]
        }
      ]
    },
    {
      "reference": "reg.kyverno.io/kyverno/reports-controller:v1.15.2",
      "charts": ["kyverno"],
      "found": [
        {
          "chart": "kyverno",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Deployment/kyverno-reports-controller",
          "path": "spec.template.spec.containers[0].image",
          "template": "kyverno/templates/reports-controller/deployment.yaml",
          "leaves": ["reportsController.image.defaultRegistry", "reportsController.image.repository"]
        }
      ]
    },
    {
      "reference": "registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.5.3",
      "charts": ["kube-prometheus-stack"],
      "found": [
        {
          "chart": "kube-prometheus-stack",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Job/kube-prometheus-stack-admission-create",
          "path": "spec.template.spec.containers[0].image",
          "template": "kube-prometheus-stack/templates/prometheus-operator/admission-webhooks/job-patch/job-createSecret.yaml",
          "leaves": ["prometheusOperator.admissionWebhooks.patch.image.registry", "prometheusOperator.admissionWebhooks.patch.image.repository"]
        },
        {
          "chart": "kube-prometheus-stack",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Job/kube-prometheus-stack-admission-patch",
          "path": "spec.template.spec.containers[0].image",
          "template": "kube-prometheus-stack/templates/prometheus-operator/admission-webhooks/job-patch/job-patchWebhook.yaml",
          "leaves": ["prometheusOperator.admissionWebhooks.patch.image.registry", "prometheusOperator.admissionWebhooks.patch.image.repository"]
        }
      ]
    },
    {
      "reference": "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.15.0",
      "charts": ["kube-prometheus-stack"],
      "found": [
        {
          "chart": "kube-prometheus-stack",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Deployment/kube-prometheus-stack-kube-state-metrics",
          "path": "spec.template.spec.containers[0].image",
          "template": "kube-prometheus-stack/charts/kube-state-metrics/templates/deployment.yaml",
          "leaves": ["kube-state-metrics.image.registry", "kube-state-metrics.image.repository"]
        }
      ]
    },
    {
      "reference": "registry.k8s.io/kubectl:v1.32.7",
      "charts": ["kyverno"],
      "found": [
        {
          "chart": "kyverno",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Job/kyverno-rm-mutatingwhconfig",
          "path": "spec.template.spec.containers[0].image",
          "template": "kyverno/templates/hooks/pre-delete-remove-mutatingwebhookconfiguration.yaml",
          "leaves": ["webhooksCleanup.image.registry", "webhooksCleanup.image.repository"]
        },
        {
          "chart": "kyverno",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Job/kyverno-rm-validatingwhconfig",
          "path": "spec.template.spec.containers[0].image",
          "template": "kyverno/templates/hooks/pre-delete-remove-validatingwebhookconfiguration.yaml",
          "leaves": ["webhooksCleanup.image.registry", "webhooksCleanup.image.repository"]
        },
        {
          "chart": "kyverno",
          "variants": ["default", "umbrella"],
          "class": "certain",
          "document": "Job/kyverno-scale-to-zero",
          "path": "spec.template.spec.containers[0].image",
          "template": "kyverno/templates/hooks/pre-delete-scale-to-zero.yaml",
          "leaves": ["webhooksCleanup.image.registry", "webhooksCleanup.image.repository"]
        }
      ]
    }
  ],
  "relocation": {
    "mirrored": [{ "path": ["defaultBucketConfiguration", "bucketOperationImage"], "value": "<registry>/<prefix>mirrored/docker.io/amazon/aws-cli:2.25.11" }],
    "by-chart": [{ "path": ["defaultBucketConfiguration", "bucketOperationImage"], "value": "<registry>/<prefix>direct/aws-cli:2.25.11" }]
  }
})
