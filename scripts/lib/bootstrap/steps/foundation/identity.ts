import { settleRegion } from '../../../aws/region.ts'
import { checkPrincipal } from '../../cluster/principal.ts'
import type { StepDefinition } from '../definition.ts'

/** Opens the account in the requested region, and finds out whose credentials are used. */
export const identityStep: StepDefinition = {
  id: 'identity',
  title: 'Account and region',
  changes: () => false,
  plan: () => 'look up the caller in STS, and determine the region',

  async run({ request, context, doors, atEnd }, _, step) {
    const { flags } = request
    const region = await settleRegion(flags.region, context.env)
    // Checked here, not after a stack was deployed.
    const principal = flags.eksAccessPrincipalArn
    if (principal !== undefined) checkPrincipal(principal, region.region)
    const account = doors.openAccount(region.region)
    atEnd(account.close)
    const found = await account.identity()
    step.done(`${found.arn} in ${region.region} (from ${region.source})`)
    return { region, account, identity: found }
  },
}
