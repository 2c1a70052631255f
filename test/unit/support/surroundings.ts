import type { Environment, Surroundings } from '../../../scripts/lib/tools/process/environment.ts'

/** An environment as it is, for programs of the tests themselves. */
function wholeEnvironment(env: NodeJS.ProcessEnv): Environment {
  const defined = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return Object.fromEntries(defined)
}

/** In this folder, with this environment or the tests' own. */
export function surroundingsOf(env: NodeJS.ProcessEnv = process.env): Surroundings {
  return { env: wholeEnvironment(env), cwd: process.cwd() }
}
