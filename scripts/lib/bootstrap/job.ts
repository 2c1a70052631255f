import type { Session } from '../session/session.ts'
import type { Context } from '../cli/main.ts'
import type { ChartList } from '../model/chart/chart-list.ts'
import type { ValuesTree } from '../model/values/values.ts'
import type { BootstrapRequest } from './arguments.ts'
import type { BootstrapDoors } from './doors.ts'
import type { WaitLimits } from './wait.ts'
import { namesPrivateImages } from './application/image-settings.ts'

/** The request, input and doors of a bootstrap. */
export interface BootstrapJob {
  readonly request: BootstrapRequest
  /** The user's values for helm, read before anything else. */
  readonly userValues: ValuesTree
  /** Manually declared charts and images. */
  readonly declared: ChartList
  readonly manifestFile: string
  /** Root of the application's checkout, if anything is built. */
  readonly checkout: string | undefined
  /** State folder. */
  readonly stateRoot: string
  readonly session: Session
  readonly context: Context
  readonly doors: BootstrapDoors
  /** Timeout of each wait, in milliseconds. */
  readonly deadline: number
}

/** The input of a step. */
export interface StepJob extends BootstrapJob {
  /** Registers what has to be closed at the end of the run, however that ends. */
  readonly atEnd: (close: () => void) => void
}

/** Default timeout of each wait. */
export function waitLimits({ deadline, context, doors }: BootstrapJob): WaitLimits {
  return { deadline, signal: context.signal, clock: doors.clock }
}

/** Returns true when no image comes from a public registry, according to the request. */
export function hasPrivateImages({ request, userValues }: BootstrapJob): boolean {
  return request.mirror || request.build.images || namesPrivateImages(userValues)
}
