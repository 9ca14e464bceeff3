import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientProcess, missingClient } from './client-process.ts'
import { credentials, privateBucket, startTestStore, type TestStore } from './start-store.ts'

const small = randomBytes(1234)
const big = randomBytes(17 * 1024 * 1024)
const key = 'dir/small é+ 1.bin'
let context: TestStore
let home: string

beforeAll(async () => {
  context = await startTestStore()
  home = await mkdtemp(join(tmpdir(), 'local-b2-home-'))
  await writeFile(join(home, 'small'), small)
  await writeFile(join(home, 'big'), big)
  await mkdir(join(home, 'out'))
})
afterAll(async () => {
  await context[Symbol.asyncDispose]()
  await rm(home, { recursive: true, force: true })
})

/** Each command is a Python or Go program that starts anew: half a second of CPU each, and far more beside others. */
const CLIENT_MS = 300_000

/** With CI set a missing client fails, so that coverage is not lost unseen; elsewhere its tests say why they are skipped. */
async function withClient(program: string, aptPackage: string, body: () => void, probe?: string[]) {
  const missing = await missingClient(program, aptPackage, probe)
  const name = missing === undefined ? aptPackage : `${aptPackage}, skipped: ${missing}`
  describe.skipIf(missing !== undefined && process.env.CI !== 'true')(name, { timeout: CLIENT_MS }, () => {
    if (missing === undefined) body()
    else {
      test('is installed', () => {
        throw new Error(missing)
      })
    }
  })
}

async function expectSame(file: string, bytes: Buffer) {
  expect((await readFile(join(home, 'out', file))).equals(bytes)).toBe(true)
}

const multipartUploads = () => context.store.requests.count({ operation: 'CompleteMultipartUpload' })

await withClient('/usr/bin/aws', 'awscli', () => {
  test('puts, gets, lists, copies, deletes and uploads in parts', async () => {
    const cli = clientProcess('/usr/bin/aws', home, {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_DEFAULT_REGION: 'local-000',
    })
    const aws = (...args: string[]) => cli(['--endpoint-url', context.store.url, ...args])
    const root = `s3://${privateBucket}/aws`
    await aws('s3', 'cp', 'small', `${root}/${key}`)
    await aws('s3', 'cp', `${root}/${key}`, 'out/aws-small')
    await expectSame('aws-small', small)
    const before = multipartUploads()
    await aws('s3', 'cp', 'big', `${root}/big`)
    expect(multipartUploads()).toBe(before + 1)
    await aws('s3', 'cp', `${root}/big`, 'out/aws-big')
    await expectSame('aws-big', big)
    await aws('s3', 'cp', `${root}/${key}`, `${root}/copied`)
    await aws('s3', 'cp', '--copy-props', 'none', `${root}/big`, `${root}/big-copied`)
    const listed = await aws('s3', 'ls', '--recursive', `${root}/`)
    expect(listed.match(/aws\/.*$/gm)).toEqual(['aws/big', 'aws/big-copied', 'aws/copied', `aws/${key}`])
    await aws('s3', 'rm', '--recursive', `${root}/`)
    await expect(aws('s3', 'ls', `${root}/`)).rejects.toThrow()
    const versions = JSON.parse(
      await aws('s3api', 'list-object-versions', '--bucket', privateBucket, '--prefix', 'aws/', '--output', 'json'),
    )
    expect([versions.Versions.length, versions.DeleteMarkers.length]).toEqual([4, 4])
    const url = await aws('s3', 'presign', `${root}/none`)
    expect((await fetch(url.trim())).status).toBe(404)
  })
})

await withClient('/usr/bin/s3cmd', 's3cmd', () => {
  test('puts, gets, lists, copies, deletes and uploads in parts', async () => {
    const host = `127.0.0.1:${context.store.port}`
    await writeFile(join(home, 's3cfg'), '[default]\n')
    const run = clientProcess('/usr/bin/s3cmd', home, {})
    const s3cmd = (...args: string[]) =>
      run([
        ...['--config', 's3cfg', '--host', host, '--host-bucket', host, '--no-ssl', '--region', 'local-000'],
        ...['--access_key', credentials.accessKeyId, '--secret_key', credentials.secretAccessKey],
        ...args,
      ])
    const root = `s3://${privateBucket}/s3cmd`
    await s3cmd('put', 'small', `${root}/${key}`)
    await s3cmd('get', `${root}/${key}`, 'out/s3cmd-small')
    await expectSame('s3cmd-small', small)
    const before = multipartUploads()
    await s3cmd('--multipart-chunk-size-mb=5', 'put', 'big', `${root}/big`)
    expect(multipartUploads()).toBe(before + 1)
    await s3cmd('get', `${root}/big`, 'out/s3cmd-big')
    await expectSame('s3cmd-big', big)
    await s3cmd('cp', `${root}/${key}`, `${root}/copied`)
    const listed = await s3cmd('ls', '--recursive', `${root}/`)
    expect(listed.match(/s3cmd\/.*$/gm)).toEqual(['s3cmd/big', 's3cmd/copied', `s3cmd/${key}`])
    await s3cmd('del', '--recursive', '--force', `${root}/`)
    expect(await s3cmd('ls', '--recursive', `${root}/`)).toBe('')
  })
})

await withClient('/usr/bin/rclone', 'rclone', () => {
  test('puts, gets, lists, copies, checks, deletes and uploads in parts', async () => {
    const run = clientProcess('/usr/bin/rclone', home, {
      RCLONE_CONFIG_STORE_TYPE: 's3',
      RCLONE_CONFIG_STORE_PROVIDER: 'Other',
      RCLONE_CONFIG_STORE_ENDPOINT: context.store.url,
      RCLONE_CONFIG_STORE_REGION: 'local-000',
      RCLONE_CONFIG_STORE_ACCESS_KEY_ID: credentials.accessKeyId,
      RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    })
    const rclone = (...args: string[]) => run(args)
    const root = `store:${privateBucket}/rclone`
    await rclone('copyto', 'small', `${root}/${key}`)
    await rclone('copyto', `${root}/${key}`, 'out/rclone-small')
    await expectSame('rclone-small', small)
    const before = multipartUploads()
    await rclone('copyto', '--s3-upload-cutoff', '8M', '--s3-chunk-size', '5M', 'big', `${root}/big`)
    expect(multipartUploads()).toBe(before + 1)
    await rclone('copyto', `${root}/big`, 'out/rclone-big')
    await expectSame('rclone-big', big)
    await rclone('copyto', `${root}/${key}`, `${root}/copied`)
    expect((await rclone('lsf', '-R', '--files-only', root)).trim().split('\n').sort()).toEqual(
      ['big', 'copied', key].sort(),
    )
    await rclone('delete', root)
    expect(await rclone('lsf', '-R', '--files-only', root)).toBe('')
  })
})

const botoScript = `
import sys, boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
url, bucket, key = sys.argv[1:]
s3 = boto3.client('s3', endpoint_url=url, region_name='local-000', config=Config(s3={'addressing_style': 'path'}))
s3.upload_file('small', bucket, 'boto/' + key, ExtraArgs={'ContentType': 'image/png', 'Metadata': {'a': 'b c'}})
s3.download_file(bucket, 'boto/' + key, 'out/boto-small')
parts = TransferConfig(multipart_threshold=8388608, multipart_chunksize=8388608)
s3.upload_file('big', bucket, 'boto/big', Config=parts)
s3.download_file(bucket, 'boto/big', 'out/boto-big')
s3.copy({'Bucket': bucket, 'Key': 'boto/big'}, bucket, 'boto/copied', Config=parts)
head = s3.head_object(Bucket=bucket, Key='boto/' + key)
assert head['ContentType'] == 'image/png' and head['Metadata'] == {'a': 'b c'}, head
keys = [o['Key'] for o in s3.list_objects_v2(Bucket=bucket, Prefix='boto/')['Contents']]
assert keys == ['boto/big', 'boto/copied', 'boto/' + key], keys
s3.delete_objects(Bucket=bucket, Delete={'Objects': [{'Key': k} for k in keys]})
assert s3.list_objects_v2(Bucket=bucket, Prefix='boto/')['KeyCount'] == 0
print('done')
`

await withClient(
  '/usr/bin/python3',
  'python3-boto3',
  () => {
    test('puts, gets, lists, copies, deletes and uploads in parts', async () => {
      const python = clientProcess('/usr/bin/python3', home, {
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      })
      const before = multipartUploads()
      expect(await python(['-c', botoScript, context.store.url, privateBucket, key])).toBe('done\n')
      expect(multipartUploads()).toBe(before + 2)
      expect(context.store.requests.count({ operation: 'UploadPartCopy' })).toBeGreaterThan(0)
      await expectSame('boto-small', small)
      await expectSame('boto-big', big)
    })
  },
  ['-c', 'import boto3'],
)
