import { badValue } from './environment.js';

/** What is taken for a bot's token by mistake: other things from the same pages, by their shape. */
const mistakes: readonly (readonly [shape: RegExp, what: string])[] = [
  [/^\d{15,21}$/, 'is an id, such as the application has (a number)'],
  [/^[0-9a-f]{64}$/i, 'is the public key of an application (64 digits from 0 to f)'],
  [/^[\w-]{32}$/, 'looks like the client secret of an application (32 characters without a dot)'],
  [/^(?:Bot|Bearer)\s/i, 'begins with "Bot", which is put before it where it is sent'],
  [/^https?:/i, 'is an address'],
  [/^["'`]|["'`]$/, 'has quotation marks around it that count as part of it'],
  [/\s/, 'has a space or line break in it'],
];

const remedy =
  'Write the token alone, as it is copied from the page "Bot" of your application at ' +
  'https://discord.com/developers/applications: three parts with dots between them.';

/**
 * Checks that a text may be a bot's token and can be sent to Discord, and returns it. Whether it is the right one only
 * Discord knows; other servers than Discord's give tokens of other shapes.
 * @throws CodedError `config/bad-value` that says what it is instead, but not the text, which may be a secret.
 */
export function requireToken(text: string): string {
  const mistake = mistakes.find(([shape]) => shape.test(text));
  if (mistake !== undefined) throw badValue(`DISCORD_TOKEN ${mistake[1]}. ${remedy}`);
  // Only these characters can stand in the header of a request.
  const odd = /[^\x21-\x7e]/u.exec(text)?.[0];
  if (odd === undefined) return text;
  const code = (odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  throw badValue(
    `DISCORD_TOKEN has a character in it that no token has (U+${code}), perhaps an invisible one. ${remedy}`,
  );
}
