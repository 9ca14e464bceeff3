import { LinkTabs } from '../../ui/link-tabs.tsx'
import { useIsOperator } from '../overview/use-overview.ts'

const PLACES = [
  { name: 'jobs', href: '/admin', label: 'Jobs' },
  { name: 'webhooks', href: '/admin/webhooks', label: 'Webhooks' },
  { name: 'presets', href: '/admin/presets', label: 'Presets' },
  { name: 'keys', href: '/admin/keys', label: 'Keys' },
  { name: 'projects', href: '/admin/projects', label: 'Projects' },
] as const

export type AdminLink = (typeof PLACES)[number]['name']

/** Shows the links to the parts of the admin page. Projects are for operators only. */
export function PageStrip({ current }: { current: AdminLink }) {
  const isOperator = useIsOperator()
  const tabs = PLACES.filter(({ name }) => isOperator || name !== 'projects').map(({ name, href, label }) => ({
    href,
    label,
    testId: `page-${name}`,
    isCurrent: name === current,
  }))
  return <LinkTabs label="Admin" tabs={tabs} current="page" />
}
