import { type AssetDetails, detailsOf } from '@darkroom/contracts'
import { type SQL, sql } from 'drizzle-orm'
import { assets } from '../schema/index.ts'

/** Returns the details of a new asset for an INSERT: the columns, and their values in the same order. */
export function insertedDetails(given: Partial<AssetDetails>): { columns: SQL; values: SQL } {
  const details = Object.entries(detailsOf(given)).map(([name, value]) => {
    const column = assets[name as keyof AssetDetails]
    return {
      name: sql.identifier(column.name),
      value: sql`${sql.param(value, column)}::${sql.raw(column.getSQLType())}`,
    }
  })
  return {
    columns: sql.join(
      details.map(({ name }) => name),
      sql`, `,
    ),
    values: sql.join(
      details.map(({ value }) => value),
      sql`, `,
    ),
  }
}
