import { createHash } from 'node:crypto';
import { type REST, Routes } from 'discord.js';
import type { Database } from '../database/database.js';
import type { Command } from './command.js';

/** Where commands are registered: for everybody, or in the one server of a developer, where they appear at once. */
export interface RegistrationScope {
  readonly applicationId: string;
  /** Id of the developer's server; undefined registers for everybody. */
  readonly guildId: string | undefined;
}

/** Registers commands with Discord, and remembers in the database what it registered. */
export class Registration {
  readonly #rest: REST;
  readonly #database: Database;

  constructor(rest: REST, database: Database) {
    this.#rest = rest;
    this.#database = database;
  }

  /** Returns whether commands of an application have ever been registered, as far as the database knows. */
  isKnown(applicationId: string): boolean {
    const scopes = this.#database.all('SELECT scope FROM registrations');
    return scopes.some(({ scope }) => String(scope).startsWith(`${applicationId}/`));
  }

  /** Registers commands if they differ from those registered last. @returns whether they were registered now. */
  async update(commands: readonly Command[], scope: RegistrationScope): Promise<boolean> {
    const digest = digestOf(commands);
    const known = this.#database.get('SELECT digest FROM registrations WHERE scope = ?', scopeKey(scope));
    if (known?.digest === digest) return false;
    await this.deploy(commands, scope);
    return true;
  }

  /** Registers the commands in place of all that were registered before. */
  async deploy(commands: readonly Command[], scope: RegistrationScope): Promise<void> {
    await this.#rest.put(routeOf(scope), { body: commands.map(({ data }) => data) });
    await this.#remember(scope, digestOf(commands));
  }

  /** Removes all commands that are registered in a scope. */
  async clear(scope: RegistrationScope): Promise<void> {
    await this.#rest.put(routeOf(scope), { body: [] });
    await this.#remember(scope, '');
  }

  /** Returns the names of the commands that Discord has in a scope. */
  async list(scope: RegistrationScope): Promise<readonly string[]> {
    const commands = (await this.#rest.get(routeOf(scope))) as readonly { readonly name: string }[];
    return commands.map(({ name }) => name);
  }

  async #remember(scope: RegistrationScope, digest: string): Promise<void> {
    this.#database.run(
      'INSERT INTO registrations (scope, digest) VALUES (?, ?) ON CONFLICT (scope) DO UPDATE SET digest = excluded.digest',
      scopeKey(scope),
      digest,
    );
    await this.#database.durable();
  }
}

function routeOf({ applicationId, guildId }: RegistrationScope) {
  return guildId === undefined
    ? Routes.applicationCommands(applicationId)
    : Routes.applicationGuildCommands(applicationId, guildId);
}

function scopeKey({ applicationId, guildId }: RegistrationScope): string {
  return `${applicationId}/${guildId ?? ''}`;
}

function digestOf(commands: readonly Command[]): string {
  return createHash('sha256')
    .update(JSON.stringify(commands.map(({ data }) => data)))
    .digest('hex');
}
