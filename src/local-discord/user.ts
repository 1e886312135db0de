import { createHash } from 'node:crypto';
import type { APIUser, UserFlags } from 'discord.js';

export interface UserOptions {
  readonly name: string;
  /** The user's language as Discord names it. Default `en-US`. */
  readonly locale?: string | undefined;
  /** Bytes of the user's avatar; users without one show one of Discord's own. */
  readonly avatar?: Uint8Array | undefined;
  readonly isBot?: boolean | undefined;
}

/** Somebody with an account: a person or a bot. */
export class User {
  readonly id: string;
  readonly name: string;
  /** The user's language, which they may change at any time. */
  locale: string;
  readonly avatar: Uint8Array | undefined;
  readonly avatarHash: string | null;
  readonly isBot: boolean;

  constructor(id: string, options: UserOptions) {
    this.id = id;
    this.name = options.name;
    this.locale = options.locale ?? 'en-US';
    this.avatar = options.avatar;
    this.avatarHash = options.avatar ? avatarHashOf(options.avatar) : null;
    this.isBot = options.isBot ?? false;
  }

  toApi(): APIUser {
    return {
      id: this.id,
      username: this.name.toLowerCase().replaceAll(/[^a-z0-9_.]/g, '_'),
      discriminator: '0',
      global_name: this.name,
      avatar: this.avatarHash,
      flags: 0 as UserFlags,
      public_flags: 0 as UserFlags,
      primary_guild: null,
      ...(this.isBot && { bot: true }),
    };
  }
}

/** Returns an avatar's hash. It begins with `a_` where the avatar may move, which all GIFs are taken to do here. */
function avatarHashOf(avatar: Uint8Array): string {
  const hash = createHash('md5').update(avatar).digest('hex');
  return Buffer.from(avatar.subarray(0, 4)).toString('latin1') === 'GIF8' ? `a_${hash}` : hash;
}
