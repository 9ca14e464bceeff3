import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FatalError, say } from './report.mjs'
import { runQuietly } from './run-quietly.mjs'
import { withPackageBins } from './search-path.mjs'

/** What the page is made from. Asking turbo costs half a second each time, looking at these takes milliseconds. */
const SOURCES = [
  'apps/web/src',
  'apps/web/public',
  'apps/web/index.html',
  'apps/web/vite.config.ts',
  'apps/web/package.json',
  'packages/contracts/src',
  'packages/sdk/src',
  'package-lock.json',
]

const stampOf = root => join(root, 'node_modules', '.darkroom-web')
const builtPage = root => join(root, 'apps/web/dist/index.html')

export function isWebPageFresh(root) {
  if (!hasBuildScript(root)) return true
  const stamp = statSync(stampOf(root), { throwIfNoEntry: false })
  if (!stamp || !existsSync(builtPage(root))) return false
  return SOURCES.every(source => newestMs(join(root, source)) <= stamp.mtimeMs)
}

function hasBuildScript(root) {
  const manifest = join(root, 'apps/web/package.json')
  return existsSync(manifest) && Boolean(JSON.parse(readFileSync(manifest, 'utf8')).scripts?.build)
}

/** Latest change below a path in ms; folders count too, because a deletion shows only there. 0 when nothing is there. */
export function newestMs(path) {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) return 0
  if (!found.isDirectory()) return found.mtimeMs
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), found.mtimeMs)
}

export async function buildWebPage(root) {
  say('building the web page, because its sources changed …')
  const startedAt = new Date()
  const { ok, output } = await runQuietly(
    join(root, 'node_modules/.bin/turbo'),
    ['run', 'build', '--filter=@darkroom/web'],
    {
      cwd: root,
      env: {
        ...process.env,
        PATH: withPackageBins(root),
        TURBO_TELEMETRY_DISABLED: '1',
        TURBO_NO_UPDATE_NOTIFIER: '1',
        // Vite would leave its cache in the system's temporary folder.
        NODE_DISABLE_COMPILE_CACHE: '1',
      },
    },
  )
  if (!ok) throw new FatalError(`building the web page failed:\n${output}`)
  writeFileSync(stampOf(root), '')
  // The time of the start: what changed during the build is built again.
  utimesSync(stampOf(root), startedAt, startedAt)
}
