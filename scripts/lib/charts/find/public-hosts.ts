/**
 * Names of measures and attributes of containers, such as those of OpenTelemetry (`container.network.io`), and the domain
 * of the keys of annotations.
 */
const otherName =
  /\.kubernetes\.io$|^container\.(?:image|cpu|memory|disk|network|filesystem|blockio|runtime|restart|uptime)\./i

/**
 * Hosts that serve public images: the registries that public charts name (Docker Hub, Quay, GitHub, GitLab, Google, AWS,
 * Microsoft, Oracle, IBM, Red Hat, NVIDIA, Elastic and others), and hosts whose name says that they are registries.
 */
const publicHost =
  /^(?:(?:[\w-]+\.)*docker\.io|quay\.io|ghcr\.io|lscr\.io|icr\.io|nvcr\.io|cr\.[\w-]+\.(?:io|com|ai|dev)|(?:[\w-]+\.)?gcr\.io|(?:[\w-]+-)?docker\.pkg\.dev|public\.ecr\.aws|mcr\.microsoft\.com|[\w-]+\.azurecr\.io|[\w-]+\.ocir\.io|container-registry\.oracle\.com|registry1?\.[\w.-]+\.[a-z]{2,}|docker\.(?!com|io)[\w-]+\.[a-z]{2,}|[\w-]+-docker\.[\w.-]+\.[a-z]{2,}|(?:xpkg|dhi|images|container|containers|oci|cgr)\.[\w.-]+\.(?:com|net|org|io|dev|ai|app|cloud|co|sh|edu|gov|[a-z]{2})|cgr\.dev|[\w-]+\.dkr\.ecr\.[\w.-]+|ecr-public\.aws\.com)$/i

/** The longest name in DNS, with a port. */
const longestHost = 253 + 6

/** True for a host from which images are pulled, as far as its name tells. */
export function isPublicRegistry(host: string): boolean {
  if (host.length > longestHost) return false
  const name = host.replace(/:\d+$/, '')
  return publicHost.test(name) && !otherName.test(name)
}
