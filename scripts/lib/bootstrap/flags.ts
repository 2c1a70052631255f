import { readFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { addCopyOptions } from '../cli/mirror-options.ts'
import {
  allowUnprovenOption,
  collect,
  manifestOption,
  prefixOption,
  wholeNumber,
} from '../cli/options.ts'
import { addRepositoryOptions } from '../mirror/target/flags.ts'
import { endpointTokens } from './application/endpoint-tokens.ts'

/** The flags that say what to install, on what, and how. */
export function addBootstrapOptions(command: Command): Command {
  return command
    .optionsGroup('Infrastructure (one of the first three):')
    .option('--deploy-create-vpc-cfn', 'deploy the stack that makes a VPC of its own')
    .option('--deploy-import-vpc-cfn', 'deploy the stack into an existing VPC')
    .option('--skip-cfn-deploy', 'install on what an earlier deployment has made')
    .option('--stack-name <name>', 'name of the stack that is deployed')
    .option('--vpc-id <id>', 'the existing VPC; left out, all of them are listed')
    .option('--subnet-ids <ids>', 'its subnets, with commas; left out, all are listed', collect)
    .option(
      '--create-vpc-endpoints [list]',
      `have the template create endpoints of the VPC: all, or some of ${endpointTokens.join(',')}`,
    )
    .option('--ignore-checks', 'do not check subnets and endpoints')
    .option('--stage <name>', 'stage of the deployment (default: dev when deploying)')
    .option(
      '--region <region>',
      'region (default: that of the export, AWS_REGION, AWS_DEFAULT_REGION, or the profile)',
    )
    .optionsGroup('What is installed:')
    .option(
      '--push-all-images-to-private-ecr',
      'mirror every image and chart into the private registry, and install from there',
    )
    .option('--version <tag>', 'release of the application, or latest (default: latest)')
    .option('--ma-chart-dir <path>', 'the umbrella chart, a folder or an archive')
    .option('--helm-values <file>', 'values for helm, over those of the chart; repeatable', collect)
    .option('--upgrade', 'upgrade a release that is there with another chart or other values')
    .option('--build-cfn', 'build the templates of a checkout')
    .option('--build-images', 'build the images of a checkout')
    .option('--build-chart-and-dashboards', 'take the chart and the dashboards of a checkout')
    .option('--base-dir <folder>', 'the checkout (default: this folder)')
    .optionsGroup('Cluster:')
    .option('--namespace <name>', 'namespace, and name of the release', 'ma')
    .option('--eks-access-principal-arn <arn>', 'make this principal an administrator of it')
    .option('--disable-general-purpose-pool', 'switch that node pool off after the installation')
    .option('--skip-console-exec', 'do not open a shell in the console at the end')
    .option('--write-kubeconfig [file]', 'put the cluster into your own kubeconfig, too')
    .addOption(
      new Option(
        '--helm-timeout <seconds>',
        'longest time for anything that helm waits for, such as a hook',
      )
        .argParser(wholeNumber(30, 86_400))
        .default(1800),
    )
    .addOption(
      new Option('--wait-minutes <n>', 'longest time to wait for anything else, such as the stack')
        .argParser(wholeNumber(1, 1440))
        .default(90),
    )
}

/**
 * The flags that say how images get into the private registry; they mean nothing without a mirror.
 *
 * @returns which of them were given, once the command line has been read
 */
export function addMirrorOptions(command: Command): () => readonly string[] {
  const others = command.options.length
  command
    .optionsGroup('Images in the private registry:')
    .addOption(manifestOption())
    .option(
      '--list <file>',
      'chart list with what is declared by hand (default: manifests/charts.yaml)',
    )
    .addOption(prefixOption())
    .addOption(allowUnprovenOption())
  addRepositoryOptions(addCopyOptions(command))
  const added = command.options.slice(others)
  return () =>
    added
      .filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli')
      .map(({ long, flags }) => long ?? flags)
}

/** The version of this kit; `--version` is that of what is installed. */
export function kitVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  const { version }: { readonly version: string } = JSON.parse(text)
  return version
}
