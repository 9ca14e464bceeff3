import { isPgPool } from 'bullmq'
import { Pool } from 'pg'
import { expect, it } from 'vitest'
import { backendOn } from './postgres-bull.ts'
import { createListener } from './postgres-listener.ts'

it('lets no worker wait longer than 20 s for a wake-up, keepalive or not', () => {
  const pool = new Pool({ keepAlive: true })
  const connection: unknown = pool
  if (!isPgPool(connection)) throw new Error('not a pool')
  expect(backendOn(createListener(pool))('image', { connection }).maximumBlockTimeout).toBe(20)
})
