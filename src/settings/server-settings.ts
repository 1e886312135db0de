import { z } from 'zod';
import { CodedError, type ErrorContext } from '../coded-error.js';
import type { Database } from '../database/database.js';
import { text } from '../database/row.js';
import { qualities } from '../works/quality.js';

/** The least and the largest number that a setting may have, both included. */
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
  frames: { min: 1, max: 48 },
} as const satisfies Record<string, Bounds>;

/** Largest number of channels or roles in a list. */
export const maxListed = 50;

/** The bounds of those settings that are numbers. */
const boundsOf = {
  epochsMax: settingBounds.epochs,
  epochsDefault: settingBounds.epochs,
  sizeMax: settingBounds.size,
  activePerPerson: settingBounds.active,
  dailyPerPerson: settingBounds.daily,
  queueLength: settingBounds.queue,
  framesMax: settingBounds.frames,
} as const satisfies Record<string, Bounds>;

const wholeNumber = ({ min, max }: Bounds) => z.int().min(min).max(max);
const ids = z.array(z.string()).readonly();
/** A setting that may also be nothing, which is null in JSON and undefined in the program. */
const clearable = <Setting extends z.ZodType>(setting: Setting) =>
  setting.nullable().transform((value) => value ?? undefined);

/** The stored settings of a server: those that moderators have changed. */
const changedSettings = z.object({
  /** The most epochs that anybody may choose. */
  epochsMax: wholeNumber(boundsOf.epochsMax).exactOptional(),
  /** Epochs where nobody chooses; undefined for those that the quality stands for. Never above `epochsMax`. */
  epochsDefault: clearable(wholeNumber(boundsOf.epochsDefault)).exactOptional(),
  /** Largest longer side of a result, in pixels. */
  sizeMax: wholeNumber(boundsOf.sizeMax).exactOptional(),
  /** The most frames that are painted of a content that moves; 1: it is painted as a still. */
  framesMax: wholeNumber(boundsOf.framesMax).exactOptional(),
  /** Number of jobs that a person may have waiting or running. */
  activePerPerson: wholeNumber(boundsOf.activePerPerson).exactOptional(),
  /** Number of jobs that a person may ask for within 24 hours. */
  dailyPerPerson: wholeNumber(boundsOf.dailyPerPerson).exactOptional(),
  /** Number of the server's jobs that may wait. */
  queueLength: wholeNumber(boundsOf.queueLength).exactOptional(),
  /** Quality where nobody chooses; undefined for what whitewalker uses. */
  quality: clearable(z.enum(qualities)).exactOptional(),
  /** Ids of channels that are allowed; where there are any, all others are not allowed. */
  channelsAllowed: ids.exactOptional(),
  channelsDenied: ids.exactOptional(),
  /** Whether the bot may be used in age-restricted channels. */
  ageRestrictedAllowed: z.boolean().exactOptional(),
  /** Ids of roles that are allowed; where there are any, people need one of them. */
  rolesAllowed: ids.exactOptional(),
  /** Id of the channel that changes and moderation are written to. */
  logChannelId: clearable(z.string()).exactOptional(),
});
type ChangedSettings = Readonly<z.infer<typeof changedSettings>>;

/** All settings that moderators can change for their server. */
export type ServerSettings = Required<ChangedSettings>;

export const defaultServerSettings: ServerSettings = {
  epochsMax: 300,
  epochsDefault: undefined,
  sizeMax: 1024,
  framesMax: 48,
  activePerPerson: 3,
  dailyPerPerson: 50,
  queueLength: 100,
  quality: undefined,
  channelsAllowed: [],
  channelsDenied: [],
  ageRestrictedAllowed: true,
  rolesAllowed: [],
  logChannelId: undefined,
};

/** What operators allow at most, whatever servers set. An undefined field limits nothing. */
export type OperatorLimits = Partial<Pick<ServerSettings, 'epochsMax' | 'sizeMax' | 'queueLength'>>;

/** The settings of all servers. What a server has not changed is as in the defaults, also when those change. */
export class SettingsStore {
  readonly #database: Database;
  readonly #defaults: ServerSettings;
  readonly #limits: OperatorLimits;

  constructor(database: Database, defaults: ServerSettings = defaultServerSettings, limits: OperatorLimits = {}) {
    this.#database = database;
    this.#defaults = defaults;
    this.#limits = limits;
  }

  /**
   * Returns the settings that hold in a server; the defaults outside of servers. None is above the operator's limits.
   * Stored nonsense counts as not changed.
   */
  of(guildId: string | undefined): ServerSettings {
    return this.#limited(this.wished(guildId));
  }

  /** Returns a server's settings as they would be without the operator's limits. */
  wished(guildId: string | undefined): ServerSettings {
    return this.#completed(guildId === undefined ? {} : this.#changed(guildId));
  }

  /**
   * Changes some settings of a server. Those that may be undefined can be set to undefined.
   * @returns the settings that hold now.
   * @throws CodedError `setting/…` where a setting is impossible: then nothing is changed.
   */
  change(guildId: string, patch: ChangedSettings): ServerSettings {
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
      return this.#limited(this.#completed(changed));
    });
  }

  /** Allows a channel, which is then no longer denied. @throws CodedError `setting/too-many-entries` */
  allowChannel(guildId: string, channelId: string): ServerSettings {
    const { channelsAllowed, channelsDenied } = this.of(guildId);
    return this.change(guildId, {
      channelsAllowed: including(channelsAllowed, channelId),
      channelsDenied: excluding(channelsDenied, channelId),
    });
  }

  /** Denies a channel, which is then no longer allowed. @throws CodedError `setting/too-many-entries` */
  denyChannel(guildId: string, channelId: string): ServerSettings {
    const { channelsAllowed, channelsDenied } = this.of(guildId);
    return this.change(guildId, {
      channelsAllowed: excluding(channelsAllowed, channelId),
      channelsDenied: including(channelsDenied, channelId),
    });
  }

  /** Takes a channel off the lists: it is neither allowed nor denied any more. */
  removeChannel(guildId: string, channelId: string): ServerSettings {
    const { channelsAllowed, channelsDenied } = this.of(guildId);
    return this.change(guildId, {
      channelsAllowed: excluding(channelsAllowed, channelId),
      channelsDenied: excluding(channelsDenied, channelId),
    });
  }

  /** Allows all channels again. */
  clearChannels(guildId: string): ServerSettings {
    return this.change(guildId, { channelsAllowed: [], channelsDenied: [] });
  }

  /** Adds a role to the allowed ones, of which people need one. @throws CodedError `setting/too-many-entries` */
  allowRole(guildId: string, roleId: string): ServerSettings {
    return this.change(guildId, { rolesAllowed: including(this.of(guildId).rolesAllowed, roleId) });
  }

  /** Takes a role off the allowed ones. */
  removeRole(guildId: string, roleId: string): ServerSettings {
    return this.change(guildId, { rolesAllowed: excluding(this.of(guildId).rolesAllowed, roleId) });
  }

  /** Allows people with any role, or none, again. */
  clearRoles(guildId: string): ServerSettings {
    return this.change(guildId, { rolesAllowed: [] });
  }

  /** Sets all settings of a server back to the defaults. */
  reset(guildId: string): void {
    this.#database.run('DELETE FROM server_settings WHERE guild_id = ?', guildId);
  }

  /** Deletes the settings of a server that the bot has left. */
  forget(guildId: string): void {
    this.reset(guildId);
  }

  #changed(guildId: string): ChangedSettings {
    const row = this.#database.get('SELECT settings_json FROM server_settings WHERE guild_id = ?', guildId);
    return row === undefined ? {} : understood(text(row, 'settings_json'));
  }

  #limited(settings: ServerSettings): ServerSettings {
    const limit = (name: keyof OperatorLimits) => Math.min(settings[name], this.#limits[name] ?? settings[name]);
    const epochsMax = limit('epochsMax');
    const { epochsDefault } = settings;
    return {
      ...settings,
      epochsMax,
      epochsDefault: epochsDefault === undefined ? undefined : Math.min(epochsDefault, epochsMax),
      sizeMax: limit('sizeMax'),
      queueLength: limit('queueLength'),
    };
  }

  #completed(changed: ChangedSettings): ServerSettings {
    const settings = { ...this.#defaults, ...changed };
    const { epochsDefault, epochsMax } = settings;
    // The default of all servers may be above the maximum of this one.
    return epochsDefault === undefined ? settings : { ...settings, epochsDefault: Math.min(epochsDefault, epochsMax) };
  }
}

/** Checks each setting by itself. @throws CodedError `setting/setting-out-of-range` or `setting/too-many-entries` */
function requirePossible(patch: ChangedSettings): void {
  const boundsByName: Readonly<Record<string, Bounds | undefined>> = boundsOf;
  for (const [name, value] of Object.entries(patch)) {
    const bounds = boundsByName[name];
    if (bounds === undefined || value === undefined || wholeNumber(bounds).safeParse(value).success) continue;
    const { min, max } = bounds;
    throw settingError('setting-out-of-range', `Expected ${name} from ${min} to ${max}, got ${value}`, { min, max });
  }
  for (const list of [patch.channelsAllowed, patch.channelsDenied, patch.rolesAllowed]) {
    if (list === undefined || list.length <= maxListed) continue;
    throw settingError('too-many-entries', `Expected up to ${maxListed} ids, got ${list.length}`, { max: maxListed });
  }
}

/** Checks a server's own default. @throws CodedError `setting/default-above-max` where it is above the maximum. */
function requireDefaultWithin(epochsDefault: number | undefined, epochsMax: number): void {
  if (epochsDefault === undefined || epochsDefault <= epochsMax) return;
  const message = `Expected epochsDefault up to ${epochsMax}, got ${epochsDefault}`;
  throw settingError('default-above-max', message, { max: epochsMax });
}

/**
 * Makes the error for an impossible setting. The texts that moderators read are looked up by the code; `context` says
 * what would be possible: `{ min: 1, max: 1000 }`.
 */
function settingError(code: string, message: string, context: ErrorContext): CodedError {
  return new CodedError('setting', code, message, { context });
}

/** Reads stored settings from JSON, without those that make no sense. */
function understood(json: string): ChangedSettings {
  const stored = storedObject(json);
  const { error } = changedSettings.safeParse(stored);
  const senseless = new Set(error?.issues.map(({ path: [name] }) => name));
  return changedSettings.parse(Object.fromEntries(Object.entries(stored).filter(([name]) => !senseless.has(name))));
}

function storedObject(json: string): object {
  try {
    return z.looseObject({}).parse(JSON.parse(json));
  } catch {
    return {};
  }
}

function including(ids: readonly string[], id: string): readonly string[] {
  return ids.includes(id) ? ids : [...ids, id];
}

function excluding(ids: readonly string[], id: string): readonly string[] {
  return ids.filter((other) => other !== id);
}
