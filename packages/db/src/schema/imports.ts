import { foreignKey, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { assets } from './assets.ts'
import { instant } from './columns.ts'

/** Where the bytes of an asset come from that no client sends. */
export const imports = pgTable(
  'imports',
  {
    assetId: uuid('asset_id').primaryKey(),
    projectId: uuid('project_id').notNull(),
    /** With all that it may be signed with; null when it is not needed any more. */
    url: text('url'),
    /** The same without its query, for a person. */
    shownUrl: text('shown_url').notNull(),
    /** What the bytes are, when who asked for them said so. */
    contentType: text('content_type'),
    /** When the bytes were in the store. */
    arrivedAt: instant('arrived_at'),
  },
  table => [
    foreignKey({
      name: 'imports_asset',
      columns: [table.projectId, table.assetId],
      foreignColumns: [assets.projectId, assets.id],
    }),
  ],
)

export type ImportRow = typeof imports.$inferSelect
