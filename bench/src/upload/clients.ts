import { join } from 'node:path'
import type { ClientId } from './client-ids.ts'

/** Where a client uploads to, and what it may keep for itself. */
export interface Target {
  api: { url: string; key: string }
  store: { endpoint: string; region: string; keyId: string; secret: string; bucket: string }
  /** The folder of the SDK as it is published. */
  sdk: string
  /** An empty folder: nothing of an earlier run is known. */
  home: string
}

export interface Command {
  program: string
  args: string[]
  env: Record<string, string>
}

export interface Client {
  label: string
  /** The program that has to be installed, and where it comes from; null of what belongs to Darkroom. */
  needs: { program: string; from: string } | null
  /** Returns the command that uploads all files of a folder, as a person would type it. */
  command(folder: string, target: Target): Command
}

/** What the command line does without an option: files at once, and parts at once of a large one. */
const FILES_AT_ONCE = 4
/** Uploads that a program with the SDK begins at once, as the command line does with small files: the SDK sends 16 of them at a time. */
const BEGUN_AT_ONCE = 128
const PARTS_AT_ONCE = 4

const ROOT = join(import.meta.dirname, '../../..')
const AWS = { program: 'aws', from: 'pip install awscli' }
const RCLONE = { program: 'rclone', from: 'apt-get install rclone, or https://rclone.org/downloads/' }

export const CLIENTS: Readonly<Record<ClientId, Client>> = {
  sdk: {
    label: 'Darkroom, SDK in Node',
    needs: null,
    command: (folder, { api, sdk, home }) => ({
      program: process.execPath,
      args: [join(import.meta.dirname, 'sdk-child.ts'), sdk, folder, String(BEGUN_AT_ONCE)],
      env: { ...environment(home), DARKROOM_URL: api.url, DARKROOM_KEY: api.key },
    }),
  },
  cli: {
    label: 'Darkroom, command line',
    needs: null,
    command: (folder, { api, home }) => ({
      program: process.execPath,
      args: [join(ROOT, 'apps/cli/bin/darkroom.mjs'), 'upload', folder],
      env: { ...environment(home), DARKROOM_URL: api.url, DARKROOM_KEY: api.key },
    }),
  },
  aws: { label: 'aws s3 cp', needs: AWS, command: awsCommand },
  'aws-tuned': {
    label: `aws s3 cp, ${PARTS_AT_ONCE} at once`,
    needs: AWS,
    command(folder, target) {
      const { program, args, env } = awsCommand(folder, target)
      return { program, args, env: { ...env, AWS_CONFIG_FILE: join(import.meta.dirname, 'aws-tuned.ini') } }
    },
  },
  rclone: { label: 'rclone copy', needs: RCLONE, command: rcloneCommand },
  'rclone-tuned': {
    label: `rclone copy, ${PARTS_AT_ONCE} at once, parts of 16 MiB, no MD5`,
    needs: RCLONE,
    command(folder, target) {
      const { program, args, env } = rcloneCommand(folder, target)
      const tuning = [
        ...['--transfers', String(FILES_AT_ONCE)],
        ...['--s3-upload-concurrency', String(PARTS_AT_ONCE)],
        ...['--s3-chunk-size', '16Mi'],
        '--s3-disable-checksum',
      ]
      return { program, args: [...args, ...tuning], env }
    },
  },
}

/** Returns the environment of a client: nothing of this machine but its programs. */
const environment = (home: string): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: home,
  XDG_STATE_HOME: join(home, 'state'),
  XDG_CONFIG_HOME: join(home, 'config'),
})

function awsCommand(folder: string, { store, home }: Target): Command {
  return {
    program: 'aws',
    args: ['s3', 'cp', '--recursive', folder, `s3://${store.bucket}/aws/`, '--endpoint-url', store.endpoint],
    env: {
      ...environment(home),
      AWS_ACCESS_KEY_ID: store.keyId,
      AWS_SECRET_ACCESS_KEY: store.secret,
      AWS_DEFAULT_REGION: store.region,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  }
}

function rcloneCommand(folder: string, { store, home }: Target): Command {
  return {
    program: 'rclone',
    args: ['copy', folder, `bench:${store.bucket}/rclone`],
    env: {
      ...environment(home),
      RCLONE_CONFIG_BENCH_TYPE: 's3',
      RCLONE_CONFIG_BENCH_PROVIDER: 'Other',
      RCLONE_CONFIG_BENCH_ENDPOINT: store.endpoint,
      RCLONE_CONFIG_BENCH_REGION: store.region,
      RCLONE_CONFIG_BENCH_ACCESS_KEY_ID: store.keyId,
      RCLONE_CONFIG_BENCH_SECRET_ACCESS_KEY: store.secret,
    },
  }
}
