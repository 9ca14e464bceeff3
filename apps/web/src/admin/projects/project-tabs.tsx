import { LinkTabs } from '../../ui/link-tabs.tsx'
import { useIsOperator } from '../overview/use-overview.ts'

const PLACES = [
  { name: 'projects', link: { to: '/projects' }, label: 'Projects' },
  { name: 'keys', link: { to: '/projects/keys' }, label: 'Keys' },
] as const

/** Shows the links between all projects, which are for operators only, and the keys of the own one. */
export function ProjectTabs({ current }: { current: (typeof PLACES)[number]['name'] }) {
  const isOperator = useIsOperator()
  const tabs = PLACES.filter(({ name }) => isOperator || name !== 'projects').map(({ name, link, label }) => ({
    link,
    label,
    testId: `page-${name}`,
    isCurrent: name === current,
  }))
  return <LinkTabs label="Projects and keys" tabs={tabs} current="page" />
}
