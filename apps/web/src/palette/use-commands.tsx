import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useAction } from '../admin/session/use-action.ts'
import { PLACES } from '../frame/places.ts'
import { useKeyAccess } from '../session/use-key-access.ts'
import { useSwitchProject } from '../session/use-switch-project.ts'
import { THEMES, type Theme } from '../theme/theme-store.ts'
import { useTheme } from '../theme/use-theme.ts'
import { BookIcon, KeyIcon, PulseIcon, ThemeIcon } from '../ui/icons.tsx'
import type { Command, CommandGroup } from './command.ts'

/** What asks once more before it is done. */
export type Question = 'requeue' | 'pause'

/**
 * Returns every command that the key may use, by group.
 * @param text what is looked for: of many projects, only those that were read are found, so all are
 */
export function useCommands(ask: (question: Question) => void, text: string): CommandGroup[] {
  const { denialOf } = useKeyAccess()
  const groups = [
    { label: 'Go to', items: useGoCommands() },
    { label: 'Do', items: useQueueCommands(ask) },
    { label: 'Switch to', items: useProjectCommands(text) },
    { label: 'Theme', items: useThemeCommands() },
  ]
  return groups.map(group => ({
    ...group,
    items: group.items.filter(({ needs }) => needs === null || denialOf(needs) === null),
  }))
}

function useGoCommands(): Command[] {
  const navigate = useNavigate()
  const places = PLACES.map(({ name, to, label, Icon, needs }) => ({
    id: `go-${name}`,
    label,
    icon: <Icon />,
    needs,
    words: 'go page open',
    run: () => void navigate({ to }),
  }))
  return [
    ...places,
    {
      id: 'go-docs',
      label: 'API docs',
      icon: <BookIcon />,
      needs: null,
      words: 'reference openapi help',
      run: () => window.location.assign('/docs'),
    },
  ]
}

function useQueueCommands(ask: (question: Question) => void): Command[] {
  const resume = useAction(
    darkroom => darkroom.admin.queues.resume('all'),
    () => 'Resumed all queues.',
  )
  return [
    {
      id: 'requeue',
      label: 'Requeue all failed jobs…',
      icon: <PulseIcon />,
      needs: 'admin',
      words: 'retry again errors',
      run: () => ask('requeue'),
    },
    {
      id: 'pause',
      label: 'Pause all queues…',
      icon: <PulseIcon />,
      needs: 'operator',
      words: 'stop processing',
      run: () => ask('pause'),
    },
    {
      id: 'resume',
      label: 'Resume all queues',
      icon: <PulseIcon />,
      needs: 'operator',
      words: 'start processing',
      run: () => resume.run(undefined),
    },
  ]
}

function useProjectCommands(text: string): Command[] {
  const { destinations, loadMore, switchTo } = useSwitchProject()
  useEffect(() => {
    if (text.trim() !== '') loadMore?.()
  }, [text, loadMore])
  return destinations
    .filter(({ isCurrent }) => !isCurrent)
    .map(({ id, label }) => ({
      id: `project-${id}`,
      label,
      icon: <KeyIcon />,
      hint: 'Project',
      needs: null,
      words: 'project switch tenant',
      run: () => void switchTo(id),
    }))
}

function useThemeCommands(): Command[] {
  const [theme, setTheme] = useTheme()
  return (Object.keys(THEMES) as Theme[])
    .filter(each => each !== theme)
    .map(each => ({
      id: `theme-${each}`,
      label: `${THEMES[each]} colours`,
      icon: <ThemeIcon />,
      needs: null,
      words: 'theme appearance mode',
      run: () => setTheme(each),
    }))
}
