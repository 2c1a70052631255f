import { groupBy } from '../../model/collections.ts'
import { type Problem, usageProblem } from '../../model/problem.ts'
import { type Flags, longName } from './flag.ts'

/**
 * Returns problems for flags that have no effect because none of their required flags is given; one problem for all
 * flags with the same requirement.
 *
 * @param given names of the flags on the command line
 */
export function lonelyFlags(flags: Flags, given: ReadonlySet<string>): Problem[] {
  const lonely = [...given].flatMap((name) => {
    const { requires = [] } = flags[name] ?? {}
    return requires.length === 0 || requires.some((other) => given.has(other))
      ? []
      : [{ flag: typed(flags, name), needed: requires.map((other) => typed(flags, other)) }]
  })
  return [...groupBy(lonely, ({ needed }) => needed.join(' or '))].map(([needed, members]) => {
    const named = members.map(({ flag }) => flag).join(', ')
    return usageProblem(
      `${named} ${members.length === 1 ? 'has' : 'have'} no effect without ${needed}`,
      `add ${needed}, or remove ${named}`,
    )
  })
}

function typed(flags: Flags, name: string): string {
  const flag = flags[name]
  return flag === undefined ? name : longName(name, flag)
}
