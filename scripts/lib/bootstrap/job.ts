import type { Session } from '../session/session.ts'
import type { Context } from '../cli/main.ts'
import type { ChartList } from '../model/chart/chart-list.ts'
import type { ValuesTree } from '../model/values/values.ts'
import type { BootstrapRequest } from './arguments.ts'
import type { Checklist } from './checklist.ts'
import type { BootstrapDoors } from './doors.ts'
import type { Patience } from './steps/wait.ts'
import { namesPrivateImages } from './application/image-settings.ts'

/** What all phases of a bootstrap work with. */
export interface Job {
  readonly request: BootstrapRequest
  /** What the user gives to helm, read before anything else happens. */
  readonly userValues: ValuesTree
  /** What was declared by hand of charts and images. */
  readonly declared: ChartList
  readonly manifestFile: string
  /** Root of the application's checkout, when something is built. */
  readonly checkout: string | undefined
  /** Folder for what is worth keeping of runs. */
  readonly stateRoot: string
  readonly checklist: Checklist
  readonly session: Session
  readonly context: Context
  readonly doors: BootstrapDoors
  /** Milliseconds that any one thing that is waited for may take. */
  readonly deadline: number
}

/** How long one thing of a bootstrap is waited for. */
export function patienceOf({ deadline, context, doors }: Job): Patience {
  return { deadline, signal: context.signal, clock: doors.clock }
}

/** True when no image comes from a public registry, as far as the request say. */
export function hasPrivateImages({ request, userValues }: Job): boolean {
  return request.mirror || request.build.images || namesPrivateImages(userValues)
}
