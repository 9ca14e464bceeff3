import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import openapiTypescript, { astToString } from 'openapi-typescript'
import { beforeAll, describe, expect, it } from 'vitest'
import { BYTES } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const CLIENT = join(import.meta.dirname, 'client')
const GENERATED = join(CLIENT, '.generated')
const TSC = join(import.meta.dirname, '../../../node_modules/.bin/tsc')

interface Program {
  uploadFile(
    baseUrl: string,
    key: string,
    bytes: Uint8Array,
  ): Promise<{ id: string; status: string; tags: string[]; byteSize: number }>
}

const api = useTestApi()
let url: string
beforeAll(async () => {
  url = await api.app.listen({ host: '127.0.0.1', port: 0 })
  const schema = await openapiTypescript(new URL(`${url}/openapi.json`))
  await rm(GENERATED, { recursive: true, force: true })
  await mkdir(GENERATED)
  await writeFile(join(GENERATED, 'schema.ts'), astToString(schema))
})

/** What the compiler says of the program, with further lines in it. */
async function compile(lines = ''): Promise<string> {
  await writeFile(join(GENERATED, 'more.ts'), `import type { components, operations } from './schema.ts'\n${lines}\n`)
  return new Promise(resolve => {
    execFile(TSC, ['-p', CLIENT], (_error, stdout) => resolve(stdout))
  })
}

describe('a client made by openapi-typescript out of the document', () => {
  it('compiles, and takes a file up', async () => {
    expect(await compile()).toBe('')
    const { uploadFile }: Program = await import(join(CLIENT, 'upload-file.ts'))
    const asset = await uploadFile(url, api.key, new Uint8Array(BYTES))
    expect(asset).toMatchObject({ tags: ['sea'], byteSize: BYTES.length })
    expect(['processing', 'ready']).toContain(asset.status)
  })

  it.each([
    [
      'refuses a filter that there is not',
      "const q: operations['listAssets']['parameters']['query'] = { kind: 'movie' }",
      '"movie"',
    ],
    ['takes a status of tomorrow', "const s: components['schemas']['Asset']['status'] = 'archived'", null],
    ['takes an error code of tomorrow', "const c: components['schemas']['Problem']['code'] = 'TEAPOT'", null],
    [
      'knows the headers of an answer',
      "const h: operations['getAsset']['responses'][200]['headers']['ETag'] = 'W/\"1\"'",
      null,
    ],
    [
      'knows what the message of an event has',
      "const d = (e: components['schemas']['VariantFailedEvent']): string => e.data.nmae",
      'nmae',
    ],
  ])('%s', async (_title, line, complaint) => {
    const said = await compile(`export ${line}`)
    if (complaint === null) expect(said).toBe('')
    else expect(said).toContain(complaint)
  })
})
