/** The two sets of equivalent media types: Docker's original ones and OCI's. */
export interface Dialect {
  readonly index: string
  readonly manifest: string
  readonly config: string
  readonly layer: string
}

export const dockerDialect: Dialect = {
  index: 'application/vnd.docker.distribution.manifest.list.v2+json',
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
}

export const ociDialect: Dialect = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
}

export const inToto = 'application/vnd.in-toto+json'
export const helmConfig = 'application/vnd.cncf.helm.config.v1+json'
export const helmChart = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'
