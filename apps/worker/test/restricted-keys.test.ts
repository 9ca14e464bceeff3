import type { ApplicationKey } from '@darkroom/local-b2'
import { describe, expect, it } from 'vitest'
import {
  eventually,
  missingVersions,
  PRIVATE_BUCKET,
  PUBLIC_BUCKET,
  SMALL_PNG,
  strayVersions,
  untilStatus,
  uploaded,
  useBed,
  useWorker,
} from './harness.ts'

const TEST_KEY = { keyId: 'localkey', applicationKey: 'localsecret' }
/** All that docs/b2.md asks for the keys of a worker. */
const capabilities = ['listFiles', 'readFiles', 'writeFiles', 'deleteFiles'] as const
const KEYS = {
  private: { keyId: 'private', applicationKey: 'secret-1', capabilities, buckets: [PRIVATE_BUCKET] },
  public: { keyId: 'public', applicationKey: 'secret-2', capabilities, buckets: [PUBLIC_BUCKET] },
} satisfies Record<string, ApplicationKey>

describe('a worker with a restricted key for each bucket', () => {
  const bed = useBed({ keys: [TEST_KEY, ...Object.values(KEYS)] })
  useWorker(bed, () => ({
    B2_KEY_ID: KEYS.private.keyId,
    B2_APPLICATION_KEY: KEYS.private.applicationKey,
    B2_PUBLIC_KEY_ID: KEYS.public.keyId,
    B2_PUBLIC_APPLICATION_KEY: KEYS.public.applicationKey,
  }))

  it('publishes a photo and leaves nothing else', async () => {
    const { asset } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
    await untilStatus(bed, asset.id, 'ready')
    expect(await missingVersions(bed)).toEqual([])
    // The upload itself is removed after its original was stored.
    await eventually(() => strayVersions(bed)).toEqual([])
    const refused = bed.b2.requests.list().filter(({ status }) => status === 403)
    expect(refused).toEqual([])
  })
})
