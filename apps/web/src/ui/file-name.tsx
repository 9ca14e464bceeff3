/** From the last dot on, where that is an ending and not half of the name. */
const ENDING = /(?<=.)\.[^.\s]{1,8}$/u

/** Shows a name on one line, in the direction in which it is written. The extension of a long name stays visible. */
export function FileName({ name, className = '' }: { name: string; className?: string }) {
  const at = ENDING.exec(name)?.index ?? name.length
  return (
    <p dir="auto" title={name} className={`flex min-w-0 ${className}`}>
      <bdi className="truncate">{name.slice(0, at)}</bdi>
      <bdi className="shrink-0">{name.slice(at)}</bdi>
    </p>
  )
}
