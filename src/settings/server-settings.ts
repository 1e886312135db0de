import type { Database } from '../database/database.js';
import { text } from '../database/row.js';
import { type Quality, qualities } from '../works/quality.js';

/** What moderators set for their server. */
export interface ServerSettings {
  /** The most epochs that anybody may choose. */
  readonly epochsMax: number;
  /** What is used where nobody chooses; undefined: what the quality stands for. Never above `epochsMax`. */
  readonly epochsDefault: number | undefined;
  /** The longer side of a result, in pixels. */
  readonly sizeMax: number;
  /** Jobs that a person may have waiting or running. */
  readonly activePerPerson: number;
  /** Jobs that a person may ask for within 24 hours. */
  readonly dailyPerPerson: number;
  /** Jobs of the server that may wait. */
  readonly queueLength: number;
  /** What is used where nobody chooses; undefined: what whitewalker uses. */
  readonly quality: Quality | undefined;
  /** Ids of channels; where there are any, all others are not allowed. */
  readonly channelsAllowed: readonly string[];
  readonly channelsDenied: readonly string[];
  /** Ids of roles; where there are any, people need one of them. */
  readonly rolesAllowed: readonly string[];
  /** The channel that changes and moderation are written to. */
  readonly logChannelId: string | undefined;
}

/** What can be wrong with a change of settings; the texts that moderators read are looked up by it. */
export type SettingErrorCode = 'setting-out-of-range' | 'default-above-max' | 'too-many-entries';

/** A setting that can't be had; `context` has what would be possible: `{ min: 1, max: 1000 }`. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
  readonly code: SettingErrorCode;
  readonly context: Readonly<Record<string, string | number>>;

  constructor(code: SettingErrorCode, message: string, context: Readonly<Record<string, string | number>>) {
    super(message);
    this.code = code;
    this.context = context;
  }
}

/** From and to which number something may be set; both are possible. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

export const settingBounds = {
  epochs: { min: 1, max: 1000 },
  size: { min: 64, max: 2048 },
  active: { min: 1, max: 20 },
  daily: { min: 1, max: 1000 },
  queue: { min: 1, max: 1000 },
} as const satisfies Record<string, Bounds>;

/** Channels or roles that a list may have. */
export const maxListed = 50;

export const defaultServerSettings: ServerSettings = {
  epochsMax: 300,
  epochsDefault: undefined,
  sizeMax: 1024,
  activePerPerson: 3,
  dailyPerPerson: 50,
  queueLength: 100,
  quality: undefined,
  channelsAllowed: [],
  channelsDenied: [],
  rolesAllowed: [],
  logChannelId: undefined,
};

/** The settings that are numbers, and what they may be. */
const boundsOf = {
  epochsMax: settingBounds.epochs,
  epochsDefault: settingBounds.epochs,
  sizeMax: settingBounds.size,
  activePerPerson: settingBounds.active,
  dailyPerPerson: settingBounds.daily,
  queueLength: settingBounds.queue,
} as const satisfies Partial<Record<keyof ServerSettings, Bounds>>;
const numbers = Object.keys(boundsOf) as (keyof typeof boundsOf)[];

/** Settings by server. What a server has not changed is as in the defaults, also when those change. */
export class SettingsStore {
  readonly #database: Database;
  readonly #defaults: ServerSettings;

  constructor(database: Database, defaults: ServerSettings = defaultServerSettings) {
    this.#database = database;
    this.#defaults = defaults;
  }

  /** A server's settings; the defaults outside of servers. What is stored and makes no sense counts as not changed. */
  of(guildId: string | undefined): ServerSettings {
    return this.#completed(guildId === undefined ? {} : this.#changed(guildId));
  }

  /**
   * Changes some settings of a server; undefined is a value, too, where a setting may have it.
   * @returns the settings as they are now.
   * @throws SettingError, and nothing is changed, where one is impossible.
   */
  change(guildId: string, patch: Partial<ServerSettings>): ServerSettings {
    return this.#database.write(() => {
      const changed = { ...this.#changed(guildId), ...patch };
      requirePossible(patch);
      if ('epochsMax' in patch || 'epochsDefault' in patch) {
        requireDefaultWithin(changed.epochsDefault, changed.epochsMax ?? this.#defaults.epochsMax);
      }
      // JSON has no undefined: null says that a setting is not just left as it was.
      const stored = JSON.stringify(changed, (_name, value: unknown) => (value === undefined ? null : value));
      this.#database.run(
        `INSERT INTO server_settings (guild_id, settings_json) VALUES (?, ?)
         ON CONFLICT (guild_id) DO UPDATE SET settings_json = excluded.settings_json`,
        ...[guildId, stored],
      );
      return this.#completed(changed);
    });
  }

  /** Allows a channel, which is then no longer denied. @throws SettingError `too-many-entries` */
  allowChannel(guildId: string, channelId: string): ServerSettings {
    const { channelsAllowed, channelsDenied } = this.of(guildId);
    return this.change(guildId, {
      channelsAllowed: including(channelsAllowed, channelId),
      channelsDenied: excluding(channelsDenied, channelId),
    });
  }

  /** Denies a channel, which is then no longer allowed. @throws SettingError `too-many-entries` */
  denyChannel(guildId: string, channelId: string): ServerSettings {
    const { channelsAllowed, channelsDenied } = this.of(guildId);
    return this.change(guildId, {
      channelsAllowed: excluding(channelsAllowed, channelId),
      channelsDenied: including(channelsDenied, channelId),
    });
  }

  /** Allows all channels again. */
  clearChannels(guildId: string): ServerSettings {
    return this.change(guildId, { channelsAllowed: [], channelsDenied: [] });
  }

  /** Adds a role to those that people need one of. @throws SettingError `too-many-entries` */
  allowRole(guildId: string, roleId: string): ServerSettings {
    return this.change(guildId, { rolesAllowed: including(this.of(guildId).rolesAllowed, roleId) });
  }

  /** Lets people with any role in again. */
  clearRoles(guildId: string): ServerSettings {
    return this.change(guildId, { rolesAllowed: [] });
  }

  /** Goes back to the defaults. */
  reset(guildId: string): void {
    this.#database.run('DELETE FROM server_settings WHERE guild_id = ?', guildId);
  }

  /** Forgets a server that the bot has left. */
  forget(guildId: string): void {
    this.reset(guildId);
  }

  #changed(guildId: string): Partial<ServerSettings> {
    const row = this.#database.get('SELECT settings_json FROM server_settings WHERE guild_id = ?', guildId);
    return row === undefined ? {} : understood(text(row, 'settings_json'));
  }

  #completed(changed: Partial<ServerSettings>): ServerSettings {
    const settings = { ...this.#defaults, ...changed };
    const { epochsDefault, epochsMax } = settings;
    // The default of all servers may be above the maximum of this one.
    return epochsDefault === undefined ? settings : { ...settings, epochsDefault: Math.min(epochsDefault, epochsMax) };
  }
}

/** @throws SettingError where a setting is impossible by itself. */
function requirePossible(patch: Partial<ServerSettings>): void {
  for (const name of numbers) {
    const value = patch[name];
    if (value === undefined || isPossible(name, value)) continue;
    const { min, max } = boundsOf[name];
    throw new SettingError('setting-out-of-range', `Expected ${name} from ${min} to ${max}, got ${value}`, {
      min,
      max,
    });
  }
  for (const list of [patch.channelsAllowed, patch.channelsDenied, patch.rolesAllowed]) {
    if (list === undefined || list.length <= maxListed) continue;
    throw new SettingError('too-many-entries', `Expected up to ${maxListed} ids, got ${list.length}`, {
      max: maxListed,
    });
  }
}

/** @throws SettingError where a server's own default is above the maximum. */
function requireDefaultWithin(epochsDefault: number | undefined, epochsMax: number): void {
  if (epochsDefault === undefined || epochsDefault <= epochsMax) return;
  const message = `Expected epochsDefault up to ${epochsMax}, got ${epochsDefault}`;
  throw new SettingError('default-above-max', message, { max: epochsMax });
}

/** What makes sense of settings as they were stored. */
function understood(json: string): Partial<ServerSettings> {
  const entries = Object.entries(storedObject(json)).map(([name, value]) => [name, value ?? undefined] as const);
  return Object.fromEntries(entries.filter(([name, value]) => isPossible(name, value))) as Partial<ServerSettings>;
}

function storedObject(json: string): object {
  try {
    const stored: unknown = JSON.parse(json);
    return typeof stored === 'object' && stored !== null ? stored : {};
  } catch {
    return {};
  }
}

/** Whether something may be the value of the setting of that name. */
function isPossible(name: string, value: unknown): boolean {
  switch (name) {
    case 'epochsMax':
    case 'sizeMax':
    case 'activePerPerson':
    case 'dailyPerPerson':
    case 'queueLength':
      return isWithin(value, boundsOf[name]);
    case 'epochsDefault':
      return value === undefined || isWithin(value, boundsOf[name]);
    case 'quality':
      return value === undefined || qualities.some((quality) => quality === value);
    case 'channelsAllowed':
    case 'channelsDenied':
    case 'rolesAllowed':
      return Array.isArray(value) && value.every((id) => typeof id === 'string');
    case 'logChannelId':
      return value === undefined || typeof value === 'string';
    default:
      return false;
  }
}

function isWithin(value: unknown, { min, max }: Bounds): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

function including(ids: readonly string[], id: string): readonly string[] {
  return ids.includes(id) ? ids : [...ids, id];
}

function excluding(ids: readonly string[], id: string): readonly string[] {
  return ids.filter((other) => other !== id);
}
