import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PermissionFlagsBits } from 'discord.js';
import sharp from 'sharp';
import type { Channel } from '../local-discord/channel.js';
import type { Upload } from '../local-discord/file-store.js';
import type { Guild } from '../local-discord/guild.js';
import { includesPermissions } from '../local-discord/permissions.js';
import { Person } from '../local-discord/person.js';
import type { Discord } from '../local-discord/server.js';
import { packageRoot } from '../package-root.js';
import type { PersonRole } from './wire.js';

/** Names of the example pictures that a visitor may send without having any of their own. */
export const exampleNames = ['astronaut.jpg', 'chelsea.jpg', 'coffee.jpg', 'rocket.jpg', 'ice-shards.png'] as const;
export type ExampleName = (typeof exampleNames)[number];

export function isExampleName(name: string): name is ExampleName {
  return exampleNames.some((known) => known === name);
}

export function examplePath(name: ExampleName): string {
  return join(packageRoot(), 'examples', name);
}

/** Reads an example picture, as people upload it. */
export async function example(name: ExampleName): Promise<Upload> {
  return { name, bytes: await readFile(examplePath(name)) };
}

/** Reads the bot's avatar. */
export function botAvatar(): Promise<Buffer> {
  return readFile(join(packageRoot(), 'presets', 'thumbnails', 'white-walker.jpg'));
}

/** A square part of an example picture, in its pixels: left, top and side. */
type Square = readonly [left: number, top: number, side: number];

const cast = [
  { name: 'Ada', role: 'member', picture: 'astronaut.jpg', face: [110, 0, 240] },
  { name: 'Ben', role: 'member', picture: 'chelsea.jpg', face: [90, 0, 290] },
  { name: 'Maud', role: 'moderator', picture: 'rocket.jpg', face: [200, 40, 240] },
  { name: 'Zoe', role: 'direct', picture: 'coffee.jpg', face: [180, 60, 280] },
] as const satisfies readonly { name: string; role: PersonRole; picture: ExampleName; face: Square }[];

/** Somebody whom a visitor can be. */
export interface Resident {
  readonly person: Person;
  readonly role: PersonRole;
}

/** The server, the channels and the people that a visitor finds. */
export interface Town {
  readonly guild: Guild;
  readonly residents: Resident[];
}

/** Puts up a server with channels, people and something to look at. */
export async function foundTown(discord: Discord): Promise<Town> {
  const guild = discord.createGuild({ name: 'Castle Black' });
  guild.createChannel({ name: 'studio' });
  const gallery = guild.createChannel({ name: 'gallery' });
  const moderator = guild.createRole({
    name: 'Moderator',
    permissions: PermissionFlagsBits.ManageMessages | PermissionFlagsBits.ManageGuild,
  });
  const residents: Resident[] = [];
  for (const { name, role, picture, face } of cast) {
    const person = discord.createUser({ name, avatar: await portrait(picture, face) });
    if (role !== 'direct') guild.join(person, { roles: role === 'moderator' ? [moderator] : [] });
    discord.world.conversation([person, discord.botUser]);
    residents.push({ person, role });
  }
  await hangPictures(gallery, residents);
  return { guild, residents };
}

/** Returns the town that there is in a Discord already, with all who ever lived in it; undefined where there is none. */
export function findTown(discord: Discord): Town | undefined {
  const { guilds, users } = discord.world;
  const [guild] = guilds.values();
  if (!guild) return undefined;
  const residents = [...users.values()]
    .filter((user) => user instanceof Person)
    .map((person) => ({ person, role: roleOf(guild, person) }));
  return { guild, residents };
}

function roleOf(guild: Guild, person: Person): PersonRole {
  if (!guild.members.has(person.id)) return 'direct';
  return includesPermissions(guild.permissionsOf(person), PermissionFlagsBits.ManageMessages) ? 'moderator' : 'member';
}

/** Makes somebody who comes from another machine, a member of the server. */
export function welcomeGuest(discord: Discord, town: Town): Resident {
  const number = town.residents.length - cast.length + 1;
  const resident: Resident = { person: discord.createUser({ name: `Guest ${number}` }), role: 'member' };
  town.guild.join(resident.person);
  discord.world.conversation([resident.person, discord.botUser]);
  town.residents.push(resident);
  return resident;
}

/** Has the people post something that the menu of messages can be tried on. */
async function hangPictures(gallery: Channel, residents: readonly Resident[]): Promise<void> {
  const [ada, ben] = residents;
  await ben?.person.in(gallery).post({
    content: 'My cat thinks that winter is coming.',
    files: [{ ...(await example('chelsea.jpg')), description: 'A ginger cat looks at you' }],
  });
  await ada?.person.in(gallery).post({
    content: 'Which of these two would make the better White Walker?',
    files: [
      { ...(await example('rocket.jpg')), description: 'A rocket on its launch pad at night' },
      { ...(await example('coffee.jpg')), description: 'A cup of coffee on a wooden table' },
    ],
  });
}

async function portrait(picture: ExampleName, [left, top, side]: Square): Promise<Buffer> {
  return sharp(examplePath(picture))
    .extract({ left, top, width: side, height: side })
    .resize(256, 256)
    .jpeg()
    .toBuffer();
}
