import { isPgPool } from 'bullmq'
import { Pool } from 'pg'
import { expect, it } from 'vitest'
import { createCappedBackend } from './postgres-bull.ts'

it('lets no worker wait longer than 20 s for a wake-up, keepalive or not', () => {
  const pool: unknown = new Pool({ keepAlive: true })
  if (!isPgPool(pool)) throw new Error('not a pool')
  expect(createCappedBackend('image', { connection: pool }).maximumBlockTimeout).toBe(20)
})
