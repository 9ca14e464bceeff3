import { parseArgs } from 'node:util'
import type { Violation } from '../checker/violation.ts'
import { startMachine } from '../deployment/machine.ts'
import { REPO_ROOT } from '../deployment/run-folder.ts'
import { BACKENDS } from '../deployment/settings.ts'
import { commitBeforeNewestMigration, exportVersion, released } from './export-version.ts'
import { proveHome } from './prove-home.ts'
import { proveUpgrade, type UpgradeProof } from './prove-upgrade.ts'

const USAGE = `npm run test:upgrade -- [options]
  --from <commit>     the old version (default: the commit before the newest migration)
  --backend <name>    redis, postgres, both or none: then only the data folder of \`darkroom start\` (default both)
  --pause <ms>        load after each process that was replaced (default 2000)
  --seed <text>       the same photos again (default: a new one, printed)
  --help`

// Processes of an older version are replaced by those of this checkout and back, under load, on one database: is anything lost?

const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    backend: { type: 'string', default: 'both' },
    pause: { type: 'string', default: '2000' },
    seed: { type: 'string', default: Math.random().toString(36).slice(2, 8) },
    help: { type: 'boolean', default: false },
  },
})
const backends = BACKENDS.filter(backend => values.backend === 'both' || values.backend === backend)
if (values.help) console.log(USAGE)
else if ((backends.length === 0 && values.backend !== 'none') || !(Number(values.pause) > 0)) {
  console.error(USAGE)
  process.exitCode = 2
} else {
  await using opened = new AsyncDisposableStack()
  const old = await exportVersion(values.from ?? (await commitBeforeNewestMigration()))
  opened.defer(old.remove)
  const say = (line: string) => console.error(line)
  say(`from ${old.commit.slice(0, 8)} (${old.title}) to this checkout, seed ${values.seed}`)
  if (old.hasForeignPackages) say('the old version runs with the packages of this checkout')
  const machine = await startMachine(old.folder)
  opened.defer(() => machine.close())
  const current = released(REPO_ROOT)
  let violationCount = 0
  const report = (violations: readonly Violation[]) => {
    for (const { kind, subject, detail } of violations) console.log(`${kind}: ${subject}: ${detail}`)
    violationCount += violations.length
  }
  for (const backend of backends) {
    const options = { old, new: current, backend, seed: values.seed, pauseMs: Number(values.pause) }
    const proof = await proveUpgrade(machine, options, say)
    console.log(textOf(proof))
    report(proof.violations)
  }
  report(await proveHome([old, current, old, current], { seed: values.seed, say }))
  console.log(violationCount === 0 ? 'green' : `red: ${violationCount} violations`)
  if (violationCount > 0) process.exitCode = 1
}

function textOf({ backend, phases, statuses }: UpgradeProof): string {
  const total = phases.reduce((sum, { uploads }) => sum + uploads, 0)
  const answers = [...statuses].toSorted(([one], [two]) => one - two).map(([status, count]) => `${count} × ${status}`)
  return `queue in ${backend}: ${total} uploads in ${phases.length} phases; answers: ${answers.join(', ')}`
}
