/** Ids that one request names at most. */
const MOST_IDS = 1000

/** Calls once for each thousand of ids, one after the other, and returns all answers. */
export async function inChunks<T>(ids: readonly string[], call: (some: string[]) => Promise<T>): Promise<T[]> {
  const answers: T[] = []
  for (let at = 0; at < ids.length; at += MOST_IDS) answers.push(await call(ids.slice(at, at + MOST_IDS)))
  return answers
}
