/** The origins where Discord keeps what people upload, and passes on what they link to. */
export const defaultOrigins: readonly string[] = [
  'https://cdn.discordapp.com',
  'https://media.discordapp.net',
  'https://images-ext-1.discordapp.net',
  'https://images-ext-2.discordapp.net',
];

/**
 * Reads the origins in a list with commas, as a person writes it: `cdn.example.org, http://127.0.0.1:4000`. A bare host
 * stands for https.
 * @returns at least one origin, each in the form of {@link URL.origin}.
 * @throws Error with a sentence where the list is empty, or that names the entry that is no origin.
 */
export function parseOrigins(text: string): readonly string[] {
  const entries = text.split(',').map((entry) => entry.trim());
  const origins = entries.filter((entry) => entry !== '').map(parseOrigin);
  if (origins.length === 0)
    throw new Error('The list of origins is empty. Write at least one, such as cdn.example.org.');
  return [...new Set(origins)];
}

/** Whether an address belongs to one of the origins, exactly: by scheme, host and port. */
export function isAllowed(address: string | URL, origins: readonly string[]): boolean {
  const url = typeof address === 'string' ? (URL.canParse(address) ? new URL(address) : undefined) : address;
  return url !== undefined && isPlainHttp(url) && origins.includes(url.origin);
}

function parseOrigin(entry: string): string {
  const address = entry.includes('://') ? entry : `https://${entry}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isBare = url?.pathname === '/' && !/[?#]/.test(address);
  // The URL parser takes nearly anything for a host, `*.example.org` too, which no address would ever have.
  const isHost = url !== undefined && /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])$/.test(url.hostname);
  if (url !== undefined && isPlainHttp(url) && isBare && isHost) return url.origin;
  throw new Error(`"${entry}" is not an origin. Write a host, such as cdn.example.org, or http://127.0.0.1:4000.`);
}

/** Whether an address is http or https, without name and password. Its origin does not tell: `blob:` has one, too. */
function isPlainHttp({ protocol, username, password }: URL): boolean {
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
