import { THEMES } from '../theme/theme-store.ts'
import { useTheme } from '../theme/use-theme.ts'
import { PageTitle } from '../ui/page-title.tsx'
import { Section } from '../ui/section.tsx'
import { Select } from '../ui/select.tsx'
import { KeySection } from './key-section.tsx'

/** Shows the page at `/settings`: what this browser remembers. */
export default function SettingsPage() {
  const [theme, setTheme] = useTheme()
  return (
    <div className="mx-auto max-w-3xl">
      <PageTitle>Settings</PageTitle>
      <Section title="Appearance" testId="appearance">
        <div className="max-w-72">
          <Select label="Theme" value={theme} choices={THEMES} testId="theme" onChange={setTheme} />
        </div>
      </Section>
      <KeySection />
    </div>
  )
}
