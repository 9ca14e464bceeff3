/** What opens beside its button, in a chunk of its own: nobody opens a menu before the page is painted. */
export { MoreMenu } from './more-menu.tsx'
export { ProjectSwitcher } from './project-switcher.tsx'
export { ThemeMenu } from './theme-menu.tsx'
