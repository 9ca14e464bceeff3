import { sql } from 'drizzle-orm'
import { boolean, foreignKey, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { assets } from './assets.ts'
import { instant } from './columns.ts'
import { projects } from './projects.ts'

/** Assets that were taken down. The content of each is refused, in its project or everywhere. */
export const takedowns = pgTable(
  'takedowns',
  {
    id: uuid('id').primaryKey(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id),
    /** No reference: what is refused everywhere outlives the project of the asset. */
    assetId: uuid('asset_id').notNull().unique(),
    /** Of the verified bytes; null when none had been read yet, and then nothing is refused. */
    sha256: text('sha256'),
    isEverywhere: boolean('is_everywhere').notNull().default(false),
    reason: text('reason').notNull(),
    createdAt: instant('created_at').notNull().default(sql`now()`),
    /** From then on its content is taken again; by whom, and why. */
    liftedAt: instant('lifted_at'),
    liftedBy: text('lifted_by'),
    liftReason: text('lift_reason'),
  },
  table => [
    index('takedowns_by_project').on(table.projectId, table.id),
    index('takedowns_by_content').on(table.sha256, table.id).where(sql`sha256 IS NOT NULL`),
  ],
)

export type TakedownRow = typeof takedowns.$inferSelect

/** What a CDN still has to drop: keys of variants, also of those that were replaced, once their asset is deleted. */
export const cdnPurges = pgTable(
  'cdn_purges',
  {
    assetId: uuid('asset_id')
      .primaryKey()
      .references(() => assets.id),
    keys: text('keys').array().notNull(),
    attempts: integer('attempts').notNull().default(0),
    availableAt: instant('available_at').notNull().default(sql`now()`),
  },
  table => [index('cdn_purges_due').on(table.availableAt)],
)

/** Links under which anybody sees one file of an asset. Only the SHA-256 of a token is kept. */
export const shares = pgTable(
  'shares',
  {
    id: uuid('id').primaryKey(),
    projectId: uuid('project_id').notNull(),
    assetId: uuid('asset_id').notNull(),
    tokenHash: text('token_hash').notNull().unique(),
    /** Null is the original. */
    variant: text('variant'),
    expiresAt: instant('expires_at'),
    maxDownloads: integer('max_downloads'),
    downloads: integer('downloads').notNull().default(0),
    createdAt: instant('created_at').notNull().default(sql`now()`),
    revokedAt: instant('revoked_at'),
  },
  table => [
    index('shares_by_asset').on(table.assetId, table.id),
    foreignKey({
      name: 'shares_asset',
      columns: [table.projectId, table.assetId],
      foreignColumns: [assets.projectId, assets.id],
    }),
  ],
)

/** ZIP files that can be downloaded for a while. They are made as they are sent, so nothing is stored but what is in them. */
export const archives = pgTable(
  'archives',
  {
    id: uuid('id').primaryKey(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id),
    /** SHA-256 of the token in its URL. */
    tokenHash: text('token_hash').notNull().unique(),
    /** Without extension. */
    name: text('name').notNull(),
    assetIds: uuid('asset_ids').array().notNull(),
    /** Null is the original. */
    variant: text('variant'),
    expiresAt: instant('expires_at').notNull(),
  },
  table => [index('archives_to_forget').on(table.expiresAt), index('archives_by_project').on(table.projectId)],
)

export type ArchiveRow = typeof archives.$inferSelect

export type ShareRow = typeof shares.$inferSelect
