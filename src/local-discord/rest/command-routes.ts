import type { RESTPostAPIApplicationCommandsJSONBody } from 'discord.js';
import { missingAccess, unknownCommand, unknownGuild } from '../api-error.js';
import type { CommandScope } from '../command-store.js';
import type { ApiRequest } from '../request.js';
import { commandCountProblems, commandListProblems, commandProblems } from '../rules/command-rules.js';
import { type Answer, type Api, found, noContent, parameter, type Route, refuse } from './api.js';

type CommandBody = RESTPostAPIApplicationCommandsJSONBody;

const everywhere = '/applications/:application/commands';
const inOneGuild = '/applications/:application/guilds/:guild/commands';

export const commandRoutes: readonly Route[] = [everywhere, inOneGuild].flatMap((pattern): Route[] => [
  { method: 'GET', pattern, rateLimit: 'commands', handle: list },
  { method: 'PUT', pattern, rateLimit: 'commands', handle: replaceAll },
  { method: 'POST', pattern, rateLimit: 'commands', handle: create },
  { method: 'GET', pattern: `${pattern}/:command`, rateLimit: 'commands', handle: getOne },
  { method: 'PATCH', pattern: `${pattern}/:command`, rateLimit: 'commands', handle: edit },
  { method: 'DELETE', pattern: `${pattern}/:command`, rateLimit: 'commands', handle: remove },
]);

function scopeOf(request: ApiRequest, { world }: Api): CommandScope {
  if (parameter(request, 'application') !== world.applicationId) throw missingAccess();
  const id = request.parameters.guild;
  if (id === undefined) return 'global';
  const guild = world.guilds.get(id);
  if (!guild) throw unknownGuild();
  if (!guild.hasBot) throw missingAccess();
  return id;
}

function list(request: ApiRequest, api: Api): Answer {
  return found(api.world.commands.list(scopeOf(request, api)));
}

function replaceAll(request: ApiRequest, api: Api): Answer {
  const scope = scopeOf(request, api);
  const bodies = request.body as readonly CommandBody[];
  refuse(request, api, commandListProblems(bodies));
  const commands = api.world.commands.replaceAll(scope, bodies);
  api.world.changed({ kind: 'commands' });
  return found(commands);
}

function create(request: ApiRequest, api: Api): Answer {
  const scope = scopeOf(request, api);
  const body = request.body as CommandBody;
  const before = api.world.commands.list(scope);
  const others = before.filter(({ name, type }) => name !== body.name || type !== (body.type ?? 1));
  refuse(request, api, [...commandProblems(body, ''), ...commandCountProblems([...others, body])]);
  const command = api.world.commands.put(scope, body);
  api.world.changed({ kind: 'commands' });
  return { status: others.length < before.length ? 200 : 201, body: command };
}

function getOne(request: ApiRequest, api: Api): Answer {
  const command = api.world.commands.get(scopeOf(request, api), parameter(request, 'command'));
  if (!command) throw unknownCommand();
  return found(command);
}

function edit(request: ApiRequest, api: Api): Answer {
  const scope = scopeOf(request, api);
  const id = parameter(request, 'command');
  const earlier = api.world.commands.get(scope, id);
  if (!earlier) throw unknownCommand();
  const body = { ...earlier, ...(request.body as object) } as CommandBody;
  refuse(request, api, commandProblems(body, ''));
  const command = api.world.commands.put(scope, body, id);
  api.world.changed({ kind: 'commands' });
  return found(command);
}

function remove(request: ApiRequest, api: Api): Answer {
  if (!api.world.commands.delete(scopeOf(request, api), parameter(request, 'command'))) throw unknownCommand();
  api.world.changed({ kind: 'commands' });
  return noContent;
}
