import { createVerifyAlarmClearing, type VerifiedObject, verifySample } from '@darkroom/worker'
import { InvalidArgumentError } from 'commander'
import { EXIT } from '../exit-codes.ts'
import { withInstallation } from '../open-installation.ts'
import { counted, newCommand } from '../output.ts'

const DEFAULT_SAMPLE = 100

/** Downloads stored files and compares them with their digests. */
export const verifyCommand = () =>
  newCommand('verify', { description: '', example: 'verify --sample 1000' })
    .option('--sample <files>', 'number of files, drawn at random', parseCount, DEFAULT_SAMPLE)
    .option('--all', 'verify every file')
    .option('--json', 'one JSON object per file')
    .action(verify)

interface Options {
  sample: number
  all?: true
  json?: true
}

const verify = ({ sample, all, json }: Options): Promise<void> =>
  withInstallation('darkroom-verify', async deps => {
    const wrong: VerifiedObject[] = []
    let files = 0
    const clearAlarm = await createVerifyAlarmClearing(deps.database.db)
    for await (const verified of verifySample(deps, all ? 'all' : sample)) {
      files += 1
      await clearAlarm(verified)
      if (verified.outcome !== 'same') wrong.push(verified)
      if (json) console.log(JSON.stringify(verified))
      else if (verified.outcome !== 'same') console.log(describe(verified))
    }
    if (!json)
      console.log(
        `Verified ${counted(files, 'file')}: ${wrong.length === 0 ? 'all are as they were stored' : `${wrong.length} wrong`}.`,
      )
    if (wrong.length > 0) process.exitCode = EXIT.failed
  })

const describe = ({ object: { bucket, key, assetId }, outcome }: VerifiedObject): string =>
  `${outcome.toUpperCase().padEnd(9)}  ${bucket}/${key} of asset ${assetId}`

function parseCount(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('Expected a number of files.')
  return count
}
