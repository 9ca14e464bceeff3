/** Passes on the last value of each id, once a frame: the screen shows no more, and bytes are reported far more often. */
export function oncePerFrame<T>(
  use: (id: string, value: T) => void,
  requestFrame: (callback: () => void) => void = requestAnimationFrame,
): (id: string, value: T) => void {
  const latest = new Map<string, T>()

  function pass(): void {
    const news = [...latest]
    latest.clear()
    for (const [id, value] of news) use(id, value)
  }

  return (id, value) => {
    if (latest.size === 0) requestFrame(pass)
    latest.set(id, value)
  }
}
