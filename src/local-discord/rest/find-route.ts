import { accountRoutes } from './account-routes.js';
import { channelRoutes } from './channel-routes.js';
import { commandRoutes } from './command-routes.js';
import { interactionRoutes } from './interaction-routes.js';
import { webhookRoutes } from './webhook-routes.js';

const routes = [...accountRoutes, ...channelRoutes, ...commandRoutes, ...interactionRoutes, ...webhookRoutes].map(
  (route) => ({ route, parts: route.pattern.split('/') }),
);

/** Returns the route of a request, with the values of its variable parts; undefined where there is no such route. */
export function findRoute(method: string, path: string) {
  const actual = path.split('/');
  for (const { route, parts } of routes) {
    if (route.method !== method || parts.length !== actual.length) continue;
    const parameters: Record<string, string> = {};
    const fits = parts.every((part, index) => {
      const given = actual[index] ?? '';
      if (!part.startsWith(':')) return part === given;
      parameters[part.slice(1)] = given;
      return given !== '';
    });
    if (fits) return { route, parameters };
  }
  return undefined;
}
