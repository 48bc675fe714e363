import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
  RouterProvider,
} from '@tanstack/react-router';
import { useState } from 'react';
import { HomePage } from './home-page.js';
import { PageNotFound } from './page-not-found.js';
import { Shell } from './shell.js';

const root = createRootRoute({ component: Shell, notFoundComponent: PageNotFound });
const newJobPage = lazyRouteComponent(() => import('./new-job-page.js'), 'NewJobPage');

const routes = root.addChildren([
  createRoute({ getParentRoute: () => root, path: '/', component: HomePage }),
  // The sign-in page stands in for any page while nobody is signed in; afterwards its own address is home.
  createRoute({ getParentRoute: () => root, path: '/login', component: () => <Navigate to="/" replace /> }),
  createRoute({ getParentRoute: () => root, path: '/new', component: newJobPage }),
  createRoute({ getParentRoute: () => root, path: '/new/$analyzer', component: newJobPage }),
  createRoute({
    getParentRoute: () => root,
    path: '/jobs',
    component: lazyRouteComponent(() => import('./jobs-page.js'), 'JobsPage'),
    validateSearch: (search): { status?: string } =>
      typeof search['status'] === 'string' ? { status: search['status'] } : {},
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/jobs/$id',
    component: lazyRouteComponent(() => import('./job-page.js'), 'JobPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings/sign-in',
    component: lazyRouteComponent(() => import('../sign-in-settings/sign-in-settings-page.js'), 'SignInSettingsPage'),
  }),
]);

function makeRouter(basepath: string) {
  return createRouter({ routeTree: routes, basepath, scrollRestoration: true, defaultPreload: false });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}

/** The portal's pages under a path prefix (empty on a tenant's own host). */
export function PortalRouter({ base }: { readonly base: string }) {
  const [router] = useState(() => makeRouter(base || '/'));
  return <RouterProvider router={router} />;
}
