import { parseConfig } from '@darkroom/core'
import {
  createBucketIfMissing,
  createProvisioningClient,
  diffCors,
  diffLifecycle,
  type ProvisioningClient,
  provisionCors,
  provisionLifecycle,
  type RuleChanges,
  StorageConfig,
  type StorageSettings,
} from '@darkroom/storage'
import { Command } from 'commander'
import { newCommand } from '../output.ts'

type Provision = (client: ProvisioningClient, settings: StorageSettings) => Promise<void>

/** Settings of the buckets, made with a key that may change them (B2_KEY_ID, B2_APPLICATION_KEY); servers do not need that key. */
export const provisionCommand = () => {
  const provision = new Command('provision')
  const cors = newCommand('cors', {
    description: 'allow web pages of these origins to upload to and read from the buckets (CORS)',
    example: 'provision cors --origin https://app.example.com --dry-run',
  })
  const lifecycle = newCommand('lifecycle', {
    description: 'let the store delete abandoned files: uploads after 30 days, unfinished parts after 7',
    example: 'provision lifecycle --dry-run',
  })
  const buckets = newCommand('buckets', {
    description: 'create missing buckets',
    example: 'provision buckets',
  })
  cors
    .requiredOption('--origin <origin...>', 'origin of a web page, for example https://app.example.com')
    .option('--dry-run', 'print what would be set, and change nothing')
    .action(({ origin, dryRun }: { origin: string[]; dryRun?: true }) =>
      withClient(async (client, { privateBucket, publicBucket }) => {
        const apply = dryRun ? diffCors : provisionCors
        report(privateBucket, await apply(client, { bucket: privateBucket, origins: origin }))
        if (publicBucket)
          report(publicBucket, await apply(client, { bucket: publicBucket, origins: origin, methods: ['GET', 'HEAD'] }))
      }),
    )
  lifecycle.option('--dry-run', 'print what would be set, and change nothing').action(({ dryRun }: { dryRun?: true }) =>
    withClient(async (client, { privateBucket }) => {
      report(privateBucket, await (dryRun ? diffLifecycle : provisionLifecycle)(client, { bucket: privateBucket }))
    }),
  )
  buckets.action(() =>
    withClient(async (client, { privateBucket, publicBucket }) => {
      await createBucket(client, privateBucket, 'private')
      if (publicBucket) await createBucket(client, publicBucket, 'public')
    }),
  )
  for (const command of [cors, lifecycle, buckets]) provision.addCommand(command)
  return provision
}

async function withClient(provision: Provision): Promise<void> {
  const settings = parseConfig(StorageConfig, process.env)
  const client = createProvisioningClient(settings.store)
  try {
    await provision(client, settings)
  } finally {
    client.close()
  }
}

async function createBucket(client: ProvisioningClient, bucket: string, access: 'private' | 'public'): Promise<void> {
  const isNew = await createBucketIfMissing(client, { bucket, access })
  console.log(`${bucket}: ${isNew ? `created, ${access}` : 'exists already, not changed'}`)
}

function report(bucket: string, { changed, applied, planned }: RuleChanges<unknown>): void {
  console.log(`${bucket}: ${applied ? 'set' : changed ? 'would be set' : 'already correct'}`)
  console.log(JSON.stringify(planned, null, 2))
}
