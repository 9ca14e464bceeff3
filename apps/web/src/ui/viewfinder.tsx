const CORNERS = [
  'top-4 left-4 border-t-2 border-l-2 rounded-tl-lg group-data-over:-translate-1',
  'top-4 right-4 border-t-2 border-r-2 rounded-tr-lg group-data-over:translate-x-1 group-data-over:-translate-y-1',
  'bottom-4 left-4 border-b-2 border-l-2 rounded-bl-lg group-data-over:-translate-x-1 group-data-over:translate-y-1',
  'right-4 bottom-4 border-r-2 border-b-2 rounded-br-lg group-data-over:translate-1',
]

/**
 * Shows the four corners of a viewfinder, which open when files are dragged over the page. Needs a `group` around it.
 */
export function Viewfinder() {
  return CORNERS.map(corner => (
    <span
      key={corner}
      aria-hidden="true"
      className={`absolute size-6 border-edge/60 transition duration-300 group-data-over:border-accent ${corner}`}
    />
  ))
}
