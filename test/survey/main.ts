import { runCommand } from '../../scripts/lib/cli/main.ts'
import { surveyCommand } from './command.ts'

await runCommand(surveyCommand, async ({ operands: { folder }, flags }, context) => {
  const { runSurvey } = await import('./survey.ts')
  return runSurvey(folder, flags, context)
})
