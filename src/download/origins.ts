/** Where Discord keeps what people upload, and passes on what they link to. */
export const defaultOrigins: readonly string[] = [
  'https://cdn.discordapp.com',
  'https://media.discordapp.net',
  'https://images-ext-1.discordapp.net',
  'https://images-ext-2.discordapp.net',
];

/**
 * The origins in a list with commas, as a person writes it: `cdn.example.org, http://127.0.0.1:4000`. A bare host stands for
 * https.
 * @returns at least one, each as {@link URL.origin} has it.
 * @throws Error with a sentence that names the entry that is none.
 */
export function parseOrigins(text: string): readonly string[] {
  const entries = text.split(',').map((entry) => entry.trim());
  const origins = entries.filter((entry) => entry !== '').map(parseOrigin);
  if (origins.length === 0)
    throw new Error('The list of origins is empty. Write at least one, such as cdn.example.org.');
  return [...new Set(origins)];
}

/** Whether an address belongs to one of the origins, exactly: scheme, host and port. */
export function isAllowed(address: string | URL, origins: readonly string[]): boolean {
  const url = typeof address === 'string' ? (URL.canParse(address) ? new URL(address) : undefined) : address;
  return url !== undefined && isPlainHttp(url) && origins.includes(url.origin);
}

function parseOrigin(entry: string): string {
  const address = entry.includes('://') ? entry : `https://${entry}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isBare = url?.pathname === '/' && !/[?#]/.test(address);
  // A parser takes nearly anything for a host, `*.example.org` too, which would then never be met.
  const isHost = url !== undefined && /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])$/.test(url.hostname);
  if (url !== undefined && isPlainHttp(url) && isBare && isHost) return url.origin;
  throw new Error(`"${entry}" is not an origin. Write a host, such as cdn.example.org, or http://127.0.0.1:4000.`);
}

/** Whether it is http or https without a name and password. The origin alone doesn't tell: `blob:` addresses have one too. */
function isPlainHttp({ protocol, username, password }: URL): boolean {
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
