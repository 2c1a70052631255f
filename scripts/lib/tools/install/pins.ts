export type ToolName = 'crane' | 'helm'

export const toolNames: readonly ToolName[] = ['crane', 'helm']

/** A publisher's release archive: its URL, its checksum, and the member that is the tool. */
export interface ToolArchive {
  readonly url: string
  readonly sha256: string
  readonly member: string
}

/** A tool, at the tested version, with the oldest version that works. */
export interface ToolPin {
  readonly version: string
  readonly minimum: string
  /** The argument of `go install`. */
  readonly goPackage: string
  readonly goMinimum: string
  /** By `<process.platform>-<process.arch>`. */
  readonly archives: Readonly<Record<string, ToolArchive>>
}

export type ToolPins = Readonly<Record<ToolName, ToolPin>>

const craneVersion = 'v0.21.9'
const helmVersion = 'v4.2.4'

/**
 * The pinned tools. helm's SHA-256 sums are from its release notes; crane's are confirmed by several independent pins.
 * The minimum of crane is the first release that retries a throttled request. The minimum of helm is the first release
 * in which a hostile chart can neither write through a linked Chart.lock (CVE-2025-53547, fixed in v3.18.4) nor crash
 * or exhaust the reader (CVE-2025-55198 and CVE-2025-55199, fixed in v3.18.5).
 */
export const toolPins: ToolPins = {
  crane: {
    version: craneVersion,
    minimum: 'v0.21.6',
    goPackage: `github.com/google/go-containerregistry/cmd/crane@${craneVersion}`,
    goMinimum: '1.25',
    archives: {
      'linux-x64': craneArchive(
        'Linux_x86_64',
        '5c16d8ddb971cb1d5e6ed8b1e743da8224414eeba2c2762d8f1a61b2f095699e',
      ),
      'linux-arm64': craneArchive(
        'Linux_arm64',
        '1f4c647b7bb260ab5435661df5b526cf59950ebf95201790db7183ac189cbcbd',
      ),
      'darwin-x64': craneArchive(
        'Darwin_x86_64',
        'f31075b3375f79b406a600e090d5c4778b3c6598a01c817dc7898c05c7c00a56',
      ),
      'darwin-arm64': craneArchive(
        'Darwin_arm64',
        '11cc3640e53473eb0d8c501068573e52a259f4d82177e6dd11b7bacb8955459e',
      ),
    },
  },
  helm: {
    version: helmVersion,
    minimum: 'v3.18.5',
    goPackage: `helm.sh/helm/v4/cmd/helm@${helmVersion}`,
    goMinimum: '1.26',
    archives: {
      'linux-x64': helmArchive(
        'linux-amd64',
        'c306b46f719b0a4da32d0f78ee21bf90ce8d602f15b22ab753f0674d1670a7f3',
      ),
      'linux-arm64': helmArchive(
        'linux-arm64',
        '564de2191b881e9f71b5606b25345821ea1682f06ab90499d3ab22b530176da1',
      ),
      'darwin-x64': helmArchive(
        'darwin-amd64',
        '6c163d687ca03c3b5c01928e53bbbcf9518278f47ce7a2f249a5a08e8bdaa2bc',
      ),
      'darwin-arm64': helmArchive(
        'darwin-arm64',
        'd747eb4e28bd2727173d15b759fa0a17822291ec09db7ced3d55af290a3661a2',
      ),
    },
  },
}

function craneArchive(system: string, sha256: string): ToolArchive {
  const releases = 'https://github.com/google/go-containerregistry/releases/download'
  const url = `${releases}/${craneVersion}/go-containerregistry_${system}.tar.gz`
  return { url, sha256, member: 'crane' }
}

function helmArchive(system: string, sha256: string): ToolArchive {
  const url = `https://get.helm.sh/helm-${helmVersion}-${system}.tar.gz`
  return { url, sha256, member: `${system}/helm` }
}
