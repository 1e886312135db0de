import {
  type APIApplicationCommand,
  ApplicationCommandType,
  ApplicationIntegrationType,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord.js';
import type { Snowflakes } from './clock.js';

/** Where a command is registered: `global`, or the id of one server. */
export type CommandScope = 'global' | (string & {});

/** The commands that the bot has registered. */
export class CommandStore {
  readonly #applicationId: string;
  readonly #snowflakes: Snowflakes;
  readonly #byScope = new Map<CommandScope, Map<string, APIApplicationCommand>>();

  constructor(applicationId: string, snowflakes: Snowflakes) {
    this.#applicationId = applicationId;
    this.#snowflakes = snowflakes;
  }

  /** Whether the bot has ever written commands to this scope, be it an empty list. */
  isRegistered(scope: CommandScope): boolean {
    return this.#byScope.has(scope);
  }

  /** Whether the bot has never written commands to any scope. */
  get isEmpty(): boolean {
    return this.#byScope.size === 0;
  }

  list(scope: CommandScope): readonly APIApplicationCommand[] {
    return [...(this.#byScope.get(scope)?.values() ?? [])];
  }

  get(scope: CommandScope, id: string): APIApplicationCommand | undefined {
    return this.#byScope.get(scope)?.get(id);
  }

  /** Returns the command that a person gets by this name: a command of their server goes before a global one. */
  find(name: string, type: ApplicationCommandType, guildId: string | undefined): APIApplicationCommand | undefined {
    return this.visible(guildId).find((command) => command.name === name && command.type === type);
  }

  /** Returns the commands of a server and the global ones, without those that one of the server stands before. */
  visible(guildId: string | undefined): readonly APIApplicationCommand[] {
    const own = guildId === undefined ? [] : this.list(guildId);
    const isHidden = ({ name, type }: APIApplicationCommand) =>
      own.some((command) => command.name === name && command.type === type);
    return [...own, ...this.list('global').filter((command) => !isHidden(command))];
  }

  /** Registers a command, and returns it; it replaces one of the same name and type, and takes over its id. */
  put(scope: CommandScope, body: RESTPostAPIApplicationCommandsJSONBody, id?: string): APIApplicationCommand {
    const type = body.type ?? ApplicationCommandType.ChatInput;
    const earlier = this.list(scope).find((command) => command.name === body.name && command.type === type);
    const command = this.#complete(scope, body, id ?? earlier?.id ?? this.#snowflakes.next());
    this.#scope(scope).set(command.id, command);
    return command;
  }

  /** Registers these commands and removes all others of the scope. Returns them. */
  replaceAll(
    scope: CommandScope,
    bodies: readonly RESTPostAPIApplicationCommandsJSONBody[],
  ): readonly APIApplicationCommand[] {
    const commands = bodies.map((body) => this.put(scope, body));
    this.#byScope.set(scope, new Map(commands.map((command) => [command.id, command])));
    return commands;
  }

  /** All commands, by the scopes that the bot has ever written to. */
  get scopes(): readonly (readonly [CommandScope, readonly APIApplicationCommand[]])[] {
    return [...this.#byScope].map(([scope, commands]) => [scope, [...commands.values()]]);
  }

  /** Has commands of a scope that were registered before. */
  keep(scope: CommandScope, commands: readonly APIApplicationCommand[]): void {
    this.#byScope.set(scope, new Map(commands.map((command) => [command.id, command])));
  }

  delete(scope: CommandScope, id: string): boolean {
    return this.#scope(scope).delete(id);
  }

  #scope(scope: CommandScope): Map<string, APIApplicationCommand> {
    const commands = this.#byScope.get(scope) ?? new Map<string, APIApplicationCommand>();
    this.#byScope.set(scope, commands);
    return commands;
  }

  #complete(scope: CommandScope, body: RESTPostAPIApplicationCommandsJSONBody, id: string): APIApplicationCommand {
    const permissions = body.default_member_permissions;
    const command = {
      ...body,
      id,
      application_id: this.#applicationId,
      version: this.#snowflakes.next(),
      type: body.type ?? ApplicationCommandType.ChatInput,
      description: 'description' in body ? (body.description ?? '') : '',
      default_member_permissions: permissions === undefined || permissions === null ? null : String(permissions),
      nsfw: body.nsfw ?? false,
      ...(scope === 'global'
        ? {
            contexts: body.contexts ?? null,
            integration_types: body.integration_types ?? [ApplicationIntegrationType.GuildInstall],
          }
        : { guild_id: scope }),
    };
    // TypeScript cannot tell, after the spread, whether this is a slash command or a menu.
    return command as APIApplicationCommand;
  }
}
