import { createHash } from 'node:crypto';
import { DiscordAPIError, type REST } from 'discord.js';
import type { Database } from '../database/database.js';
import type { Command } from './command.js';
import { type RegistrationScope, routeOf } from './registered-commands.js';

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

  /**
   * Removes the commands that were registered in single servers before, as far as the database knows, where another scope
   * is the right one now: each would stand twice. Those for all servers stay, since other servers may need them.
   * @returns ids of the servers that have none of them any more.
   */
  async clearOtherServers({ applicationId, guildId }: RegistrationScope): Promise<readonly string[]> {
    const rows = this.#database.all("SELECT scope FROM registrations WHERE digest <> ''");
    const cleared: string[] = [];
    for (const { scope } of rows) {
      const [application, other = ''] = String(scope).split('/');
      if (application !== applicationId || other === '' || other === guildId) continue;
      const left = { applicationId, guildId: other };
      try {
        await this.clear(left);
        cleared.push(other);
      } catch (error) {
        // Commands went with the bot when it left the server.
        if (!(error instanceof DiscordAPIError) || !(error.status === 403 || error.status === 404)) throw error;
        await this.#remember(left, '');
      }
    }
    return cleared;
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

function scopeKey({ applicationId, guildId }: RegistrationScope): string {
  return `${applicationId}/${guildId ?? ''}`;
}

function digestOf(commands: readonly Command[]): string {
  return createHash('sha256')
    .update(JSON.stringify(commands.map(({ data }) => data)))
    .digest('hex');
}
