import { unknownUser } from '../api-error.js';
import { ordinaryPermissions, permissionBits } from '../permissions.js';
import type { ApiRequest } from '../request.js';
import { User } from '../user.js';
import { type Answer, type Api, found, parameter, type Route } from './api.js';

const shared = { method: 'GET', rateLimit: 'other' } as const;

export const accountRoutes: readonly Route[] = [
  { ...shared, pattern: '/gateway', isPublic: true, handle: (_request, api) => found({ url: api.gateway.url }) },
  { ...shared, pattern: '/gateway/bot', handle: getGatewayForBot },
  { ...shared, pattern: '/applications/@me', handle: getApplication },
  { ...shared, pattern: '/oauth2/applications/@me', handle: getApplication },
  { ...shared, pattern: '/users/@me', handle: getOwnUser },
  { ...shared, pattern: '/users/@me/guilds', handle: getOwnGuilds },
  { ...shared, pattern: '/users/:user', handle: getUser },
  { ...shared, method: 'POST', pattern: '/users/@me/channels', handle: openDirectMessages },
];

function getGatewayForBot(_request: ApiRequest, api: Api): Answer {
  return found({
    url: api.gateway.url,
    shards: 1,
    session_start_limit: {
      total: 1000,
      remaining: api.gateway.loginsLeft,
      reset_after: 14_400_000,
      max_concurrency: 1,
    },
  });
}

function getApplication(_request: ApiRequest, { world }: Api): Answer {
  // The bot's owner is made up: no user of the local Discord owns it.
  const owner = new User(world.applicationId, { name: 'Owner' });
  return found({
    id: world.applicationId,
    name: world.bot.name,
    icon: null,
    description: '',
    summary: '',
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags: 0,
    flags_new: '0',
    type: null,
    owner: owner.toApi(),
    team: null,
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    explicit_content_filter: 0,
    eligible_oauth2_scopes: [],
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    bot: world.bot.toApi(),
    approximate_guild_count: [...world.guilds.values()].filter(({ hasBot }) => hasBot).length,
    integration_types_config: { 0: {}, 1: {} },
  });
}

function getOwnUser(_request: ApiRequest, { world }: Api): Answer {
  return found({ ...world.bot.toApi(), mfa_enabled: false, verified: true, email: null, locale: world.bot.locale });
}

/** Answers with a page of the servers that have the bot, and its permissions there. */
function getOwnGuilds({ query }: ApiRequest, { world }: Api): Answer {
  const after = BigInt(query.get('after') ?? 0);
  const guilds = [...world.guilds.values()]
    .filter(({ id, hasBot }) => hasBot && BigInt(id) > after)
    .slice(0, Number(query.get('limit') ?? 200));
  return found(
    guilds.map(({ id, name, botPermissions }) => ({
      id,
      name,
      icon: null,
      banner: null,
      owner: false,
      permissions: (botPermissions === undefined ? ordinaryPermissions : permissionBits(botPermissions)).toString(),
      features: [],
    })),
  );
}

function getUser(request: ApiRequest, { world }: Api): Answer {
  const user = world.users.get(parameter(request, 'user'));
  if (!user) throw unknownUser();
  return found(user.toApi());
}

function openDirectMessages(request: ApiRequest, { world }: Api): Answer {
  const { recipient_id } = request.body as { recipient_id?: string };
  const user = world.users.get(recipient_id ?? '');
  if (!user) throw unknownUser();
  return found(world.conversation([user, world.bot]).toApi());
}
