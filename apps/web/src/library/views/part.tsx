import type { ComponentProps } from 'react'

interface PartProps extends ComponentProps<'div'> {
  role: 'grid' | 'rowgroup' | 'row' | 'gridcell' | 'columnheader' | 'presentation'
}

/** Shows a part of a grid. Not a table of HTML: most of its rows do not exist, and the others are placed by themselves. */
export const Part = (props: PartProps) => <div {...props} />
