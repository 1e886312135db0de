import { z } from 'zod';
import type { Act, FileReference } from './wire.js';

const id = z.string().regex(/^\d{1,20}$/);
const name = z.string().min(1).max(100);
const subcommand = z.array(name).max(2);
const file = z.union([
  z.object({ upload: z.string() }),
  z.object({ example: z.string() }),
]) satisfies z.ZodType<FileReference>;
const value = z.union([
  z.string().max(6000),
  z.number(),
  z.boolean(),
  file,
  z.object({ id }),
  z.array(z.string().max(100)).max(25),
  z.array(file).max(10),
]);
const values = z.record(name, value);

/** What the page sends, as it is to be; Discord's own rules are applied to it afterwards. */
export const actSchema: z.ZodType<Act> = z.discriminatedUnion('do', [
  z.object({ do: z.literal('command'), channel: id, name, subcommand, values }),
  z.object({
    do: z.literal('autocomplete'),
    channel: id,
    name,
    subcommand,
    option: name,
    text: z.string().max(6000),
    values,
  }),
  z.object({ do: z.literal('message-menu'), message: id, name }),
  z.object({ do: z.literal('user-menu'), channel: id, user: id, name }),
  z.object({ do: z.literal('click'), message: id, button: name }),
  z.object({ do: z.literal('select'), message: id, menu: name, values: z.array(z.string().max(100)).max(25) }),
  z.object({ do: z.literal('submit'), interaction: id, values }),
  z.object({ do: z.literal('post'), channel: id, content: z.string().max(6000), files: z.array(file).max(10) }),
  z.object({ do: z.literal('delete-message'), message: id }),
  z.object({ do: z.literal('language'), language: z.enum(['en-US', 'de']) }),
]);
