import { createRoute, notFound, redirect } from '@tanstack/react-router'
import { movedTo } from './former-paths.ts'
import { rootRoute } from './root-route.ts'

const beforeLoad = ({ location }: { location: { pathname: string; searchStr: string } }) => {
  const path = movedTo(location.pathname)
  if (path === null) throw notFound()
  throw redirect({ href: path + location.searchStr, replace: true })
}

/** Addresses of before, from bookmarks, messages and scripts. */
export const formerRoutes = [
  createRoute({ getParentRoute: () => rootRoute, path: '/admin', beforeLoad }),
  createRoute({ getParentRoute: () => rootRoute, path: '/admin/$', beforeLoad }),
] as const
