/** All that two streams have under one key. */
interface SameKey<Row, Version> {
  rows: Row[]
  versions: Version[]
}

/** Walks two streams that are sorted by key side by side, holding no more than one key of each. */
export async function* mergeByKey<Row extends { key: string }, Version extends { key: string }>(
  rows: AsyncIterable<Row>,
  versions: AsyncIterable<Version>,
): AsyncGenerator<SameKey<Row, Version>> {
  const left = groups(rows)
  const right = groups(versions)
  let [row, version] = await Promise.all([left.next(), right.next()])
  try {
    while (!row.done || !version.done) {
      const order = row.done ? 1 : version.done ? -1 : compareBytes(row.value.key, version.value.key)
      const takesRow = order <= 0
      const takesVersion = order >= 0
      yield {
        rows: takesRow && !row.done ? row.value.items : [],
        versions: takesVersion && !version.done ? version.value.items : [],
      }
      if (takesRow) row = await left.next()
      if (takesVersion) version = await right.next()
    }
  } finally {
    await Promise.all([left.return(undefined), right.return(undefined)])
  }
}

const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

async function* groups<T extends { key: string }>(
  stream: AsyncIterable<T>,
): AsyncGenerator<{ key: string; items: T[] }, undefined> {
  let group: { key: string; items: T[] } | undefined
  for await (const item of stream) {
    if (group?.key === item.key) group.items.push(item)
    else {
      if (group) yield group
      group = { key: item.key, items: [item] }
    }
  }
  if (group) yield group
  return undefined
}
