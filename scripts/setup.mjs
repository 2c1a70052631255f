// Installs the npm packages when they are missing or older than the lockfile, so that the first command works on a
// fresh clone. Plain JavaScript, because nothing else runs before they are installed.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const installed = `${root}node_modules/.package-lock.json`

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: Node ${process.versions.node} is too old\n  → install Node 20.19 or newer`)
  process.exit(2)
}

const isCurrent =
  existsSync(installed) &&
  statSync(installed).mtimeMs >= statSync(`${root}package-lock.json`).mtimeMs
if (!isCurrent) {
  console.error('• installing the npm packages (once)')
  const { status, error } = spawnSync(
    'npm',
    ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
  if (status !== 0) {
    console.error(`error: npm ci failed${error ? `: ${error.message}` : ''}`)
    process.exit(1)
  }
}
