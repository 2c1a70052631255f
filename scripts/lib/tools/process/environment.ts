/** The complete environment of a child process, without a prototype. Made by `environmentFor`. */
export type Environment = Readonly<Record<string, string>>

/** The working folder and environment of a child process. */
export interface Surroundings {
  readonly env: Environment
  /** Absolute. */
  readonly cwd: string
}

/**
 * A program that we run, and its purpose if there are several. `offline`: any program that needs neither network nor
 * settings, such as one that prints its version.
 */
export type ToolKind =
  | 'offline'
  | 'crane'
  | 'helm'
  | 'kubectl'
  | 'docker'
  | 'go-install'
  | 'gradle-templates'
  | 'gradle-images'

/**
 * Variables that every Go program may need: PATH, for a tool that is a script; proxies in both spellings (net/http,
 * `ProxyFromEnvironment`); certificate authorities (crypto/x509 on Linux knows only these two names); compatibility
 * switches such as those for old TLS, and the limits that containers set (runtime).
 */
const goProgram = words(`
  PATH TMPDIR HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy
  SSL_CERT_FILE SSL_CERT_DIR GODEBUG GOMAXPROCS GOMEMLIMIT`)

const user = words('HOME USER LANG LC_ALL TZ XDG_CACHE_HOME XDG_CONFIG_HOME XDG_RUNTIME_DIR')

/** docker/cli 29.6.2, cli/command/cli.go:446-589, cli/flags/options.go:52-54: which engine, and the way to it. */
const dockerClient = words(`
  DOCKER_HOST DOCKER_CONTEXT DOCKER_CERT_PATH DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_API_VERSION DOCKER_BUILDKIT
  DOCKER_DEFAULT_PLATFORM SSH_AUTH_SOCK BUILDX_BUILDER BUILDKIT_HOST BUILDKIT_PROGRESS`)

/** `go help environment`: where modules come from, how they are checked, where they are kept. */
const goCommand = words(`
  GOPATH GOROOT GOCACHE GOMODCACHE GOTMPDIR GOENV GOFLAGS GOTOOLCHAIN GOPROXY GONOPROXY GOPRIVATE GOSUMDB GONOSUMDB
  GOINSECURE GOVCS GOAUTH NETRC CGO_ENABLED CC GIT_SSL_CAINFO SSH_AUTH_SOCK`)

/** For the wrapper (gradle's `gradlew`) and the JVM, and for the node, npm and git that the build runs. */
const gradle = words(`
  JAVA_HOME JAVACMD JAVA_OPTS GRADLE_OPTS GRADLE_USER_HOME JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS TERM CI
  NODE_EXTRA_CA_CERTS AWS_CA_BUNDLE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE GIT_SSL_CAINFO
  NPM_CONFIG_REGISTRY npm_config_registry`)

/** bin/app.ts of the application's CDK app. */
const cdkApp = words('CODE_BUCKET SOLUTION_NAME CODE_VERSION')

/** build.gradle and buildImages/setUpK8sImageBuildServices.sh of the application. */
const imageBuild = words('ECR_PULL_THROUGH_ENDPOINT USE_LOCAL_REGISTRY')

/** The AWS CLI's page on environment variables; the SDKs' reference for roles of containers and web identities. */
const awsCredentials = words(`
  AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_PROFILE AWS_DEFAULT_PROFILE
  AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_REGION AWS_DEFAULT_REGION AWS_ROLE_ARN AWS_ROLE_SESSION_NAME
  AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI
  AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE AWS_EC2_METADATA_DISABLED
  AWS_EC2_METADATA_SERVICE_ENDPOINT AWS_STS_REGIONAL_ENDPOINTS AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT
  AWS_ENDPOINT_URL AWS_ENDPOINT_URL_ECR AWS_ENDPOINT_URL_STS`)

/**
 * The caller's variables that a child gets. It gets no others.
 *
 * crane, helm and kubectl read more than they are given. HOME, DOCKER_CONFIG and XDG_* would lead them to the caller's
 * logins and clusters (crane 0.21.9, pkg/authn/keychain.go:102-127; helm 4.2.4, pkg/helmpath/lazypath.go:46-50;
 * client-go 0.36.1, tools/clientcmd/loader.go:63), so that the session sets those itself. DOCKER_AUTH_CONFIG would win
 * over its logins (docker/cli 29.6.2, cli/config/configfile/file.go:328); KUBECONFIG, KUBERNETES_SERVICE_HOST and
 * HELM_KUBE* name clusters that were not asked for, HELM_DRIVER another place for releases (helm 4.2.4,
 * pkg/cli/environment.go:99-119, pkg/cmd/root.go:112).
 */
const inherited: Readonly<Record<ToolKind, readonly string[]>> = {
  offline: ['PATH'],
  crane: goProgram,
  helm: goProgram,
  // The session's kubeconfig names a file with a token and no command: nothing on the way to a cluster needs AWS.
  kubectl: [...goProgram, 'TERM'],
  docker: [...goProgram, ...user, ...dockerClient],
  'go-install': [...goProgram, ...user, ...goCommand],
  'gradle-templates': [...goProgram, ...user, ...gradle, ...cdkApp],
  // The build logs docker in with the AWS CLI.
  'gradle-images': [
    ...goProgram,
    ...user,
    ...gradle,
    ...dockerClient,
    ...awsCredentials,
    ...imageBuild,
  ],
}

/** The variables for a private certificate authority, by precedence. */
const authorities = ['SSL_CERT_FILE', 'AWS_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS']

/**
 * Makes the environment of a child: the caller's variables that its kind may see, overridden by our own. A certificate
 * authority that the caller sets for the AWS CLI or for Node is also set for Go programs, which still read the system's
 * folder of certificates.
 */
export function environmentFor(
  kind: ToolKind,
  base: NodeJS.ProcessEnv,
  own: Environment = {},
): Environment {
  const made: Record<string, string> = Object.create(null)
  const names = inherited[kind]
  for (const name of names) {
    const value = valueOf(base, name)
    if (value !== undefined) made[name] = value
  }
  const authority = authorities.map((name) => valueOf(base, name)).find(Boolean)
  if (names.includes('SSL_CERT_FILE') && authority !== undefined) made['SSL_CERT_FILE'] = authority
  for (const [name, value] of Object.entries(own)) made[name] = value
  return made
}

/** Returns an own property only: properties of a prototype are not variables. */
function valueOf(base: NodeJS.ProcessEnv, name: string): string | undefined {
  return Object.hasOwn(base, name) ? base[name] : undefined
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}
