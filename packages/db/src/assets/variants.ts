import type { ResourceError, VariantStatus } from '@darkroom/contracts'
import { and, asc, eq, or, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { objects, type StoredObject, type VariantRow, variantStatus, variants } from '../schema/index.ts'

export const variantsOfAsset = (tx: Tx, assetId: string): Promise<VariantRow[]> =>
  tx.select().from(variants).where(eq(variants.assetId, assetId)).orderBy(asc(variants.position))

/** Reads the variants of an asset, each with the object that is published under its name. */
export async function variantFiles(
  tx: Tx,
  assetId: string,
): Promise<{ name: string; status: VariantStatus; object: StoredObject | null }[]> {
  return tx
    .select({ name: variants.name, status: variants.status, object: objects })
    .from(variants)
    .leftJoin(objects, eq(objects.id, variants.objectId))
    .where(eq(variants.assetId, assetId))
    .orderBy(asc(variants.position))
}

/** Finds the ready variants of an asset in a bucket, by name, each with the fingerprint of its plan and its key. */
export async function standingVariants(
  tx: Tx,
  assetId: string,
  bucket: string,
): Promise<Map<string, { fingerprint: string; key: string }>> {
  const rows = await tx
    .select({ name: variants.name, fingerprint: variants.fingerprint, key: objects.key })
    .from(variants)
    .innerJoin(objects, eq(objects.id, variants.objectId))
    .where(and(eq(variants.assetId, assetId), eq(variants.status, 'ready'), eq(objects.bucket, bucket)))
  return new Map(rows.map(({ name, ...standing }) => [name, standing]))
}

/**
 * Fails the variants that an ended job did not reach, and marks the failed ones as not retryable, since no job tries
 * them again.
 */
export async function failPendingVariants(tx: Tx, assetId: string, error: ResourceError): Promise<void> {
  const isPending = eq(variants.status, 'pending')
  const final = JSON.stringify({ ...error, retryable: false })
  await tx
    .update(variants)
    .set({
      ...variantStatus.valuesWhere('failed', isPending),
      error: sql`CASE WHEN ${isPending} THEN ${final}::jsonb
        ELSE jsonb_set(${variants.error}, '{retryable}', 'false') END`,
    })
    .where(and(eq(variants.assetId, assetId), or(isPending, sql`${variants.error}->>'retryable' = 'true'`)))
}
