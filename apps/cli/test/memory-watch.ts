const EVERY_MS = 100

/** Watches the memory of a process. @returns what it is asked for at the end: by how many bytes it has ever been above its beginning */
export function watchMemory({ residentBytes }: { residentBytes(): number }): () => number {
  const before = residentBytes()
  let peak = before
  const look = () => {
    peak = Math.max(peak, residentBytes())
  }
  const timer = setInterval(look, EVERY_MS)
  return () => {
    clearInterval(timer)
    look()
    return peak - before
  }
}
