import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'

interface Tab<T extends string> {
  value: T
  label: ReactNode
  testId?: string
  panel: ReactNode
}

interface TabsProps<T extends string> {
  /** What one chooses, for screen readers. */
  label: string
  value: T
  tabs: readonly Tab<T>[]
  onChange: (value: T) => void
}

/** Shows one of several panels. Where each should have an address, links with `LinkTabs` are better. */
export const Tabs = <T extends string>({ label, value, tabs, onChange }: TabsProps<T>) => (
  <Base.Root value={value} onValueChange={onChange}>
    <Base.List aria-label={label} className="flex max-w-full gap-1 overflow-x-auto py-1">
      {tabs.map(tab => (
        <Base.Tab
          key={tab.value}
          value={tab.value}
          data-testid={tab.testId}
          className="inline-flex min-h-11 items-center gap-2 rounded-full border border-transparent px-4 text-sm font-medium whitespace-nowrap text-muted hover:bg-sunken hover:text-ink data-active:border-edge data-active:bg-surface data-active:text-ink"
        >
          {tab.label}
        </Base.Tab>
      ))}
    </Base.List>
    {tabs.map(tab => (
      <Base.Panel key={tab.value} value={tab.value} className="mt-3">
        {tab.panel}
      </Base.Panel>
    ))}
  </Base.Root>
)
