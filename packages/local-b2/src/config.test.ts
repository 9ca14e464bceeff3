import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

test('reads every variable', () => {
  expect(
    readConfig({
      LOCAL_B2_DATA_DIR: '/data',
      LOCAL_B2_HOST: '0.0.0.0',
      LOCAL_B2_PORT: '1234',
      LOCAL_B2_REGION: 'here-1',
      LOCAL_B2_KEY_ID: 'id',
      LOCAL_B2_APPLICATION_KEY: 'secret',
      LOCAL_B2_BUCKETS: 'first-one, second-one:public',
      LOCAL_B2_CORS_ORIGINS: 'https://a.example, https://b.example',
      LOCAL_B2_REFUSE_CHECKSUM_HEADERS: 'true',
      LOCAL_B2_EVENT_RULES: '[{"name":"a"}]',
    }),
  ).toEqual({
    dataDir: '/data',
    host: '0.0.0.0',
    port: 1234,
    region: 'here-1',
    keys: [{ keyId: 'id', applicationKey: 'secret' }],
    buckets: [
      { name: 'first-one', access: 'private' },
      { name: 'second-one', access: 'public' },
    ],
    corsOrigins: ['https://a.example', 'https://b.example'],
    refuseChecksumHeaders: true,
    eventRules: [{ name: 'a' }],
  })
})

test('names everything that is wrong at once', () => {
  const env = {
    LOCAL_B2_PORT: '70000',
    LOCAL_B2_BUCKETS: 'a:open',
    LOCAL_B2_REFUSE_CHECKSUM_HEADERS: 'yes',
    LOCAL_B2_EVENT_RULES: '{}',
  }
  for (const name of ['LOCAL_B2_DATA_DIR', ...Object.keys(env)]) {
    expect(() => readConfig(env)).toThrow(expect.objectContaining({ message: expect.stringContaining(name) }))
  }
})
