import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { World } from './world.ts'

/** Returns the crane and helm processes of a world: their arguments contain its registry or its folder. */
export async function toolsOf(world: World): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'args='], {
    maxBuffer: 16 * 1024 * 1024,
  })
  const marks = [world.registry, world.home.replace(/home$/, '')]
  return stdout
    .split('\n')
    .filter((line) => /^\S*(?:crane|helm) /.test(line))
    .filter((line) => marks.some((mark) => line.includes(mark)))
}
