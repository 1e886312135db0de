import { describe, expect, it } from 'vitest';
import { defaultOrigins, isAllowed, parseOrigins } from '../../src/download/origins.js';

describe('a list of origins', () => {
  it('takes hosts for https and http where it is written', () => {
    expect(parseOrigins('cdn.example.org, http://127.0.0.1:4000')).toEqual([
      'https://cdn.example.org',
      'http://127.0.0.1:4000',
    ]);
    expect(parseOrigins(' CDN.Example.org:443 ,https://cdn.example.org/,, localhost:8080,[::1]:90')).toEqual([
      'https://cdn.example.org',
      'https://localhost:8080',
      'https://[::1]:90',
    ]);
  });

  it('has what Discord uses, written as it would be parsed', () => {
    expect(parseOrigins(defaultOrigins.join())).toEqual(defaultOrigins);
  });

  it.each([
    'ftp://example.org',
    'https://',
    'https://user:secret@example.org',
    'user@example.org',
    'example.org/attachments',
    'example.org?a=b',
    'example.org/#',
    '*.example.org',
    'example.org.',
    'two words.example',
    'example.org:99999',
    'blob:https://example.org',
  ])('names the entry that is none: %s', (entry) => {
    expect(() => parseOrigins(`cdn.example.org, ${entry}`)).toThrow(`"${entry}" is not an origin. Write a host`);
  });

  it.each(['', ' , '])('is not empty: "%s"', (text) => {
    expect(() => parseOrigins(text)).toThrow('The list of origins is empty');
  });
});

describe('an address', () => {
  it.each([
    'https://cdn.discordapp.com/attachments/1/2/cat.png?ex=1&is=2&hm=3',
    'https://CDN.DISCORDAPP.COM:443/a',
    'https://media.discordapp.net/a',
    'https://images-ext-1.discordapp.net/external/a',
  ])('is allowed at one of the origins: %s', (address) => {
    expect(isAllowed(address, defaultOrigins)).toBe(true);
    expect(isAllowed(new URL(address), defaultOrigins)).toBe(true);
  });

  it.each([
    'http://cdn.discordapp.com/a',
    'https://cdn.discordapp.com:8443/a',
    'https://cdn.discordapp.com./a',
    'https://cdn.discordapp.com@evil.example/a',
    'https://cdn.discordapp.com:443@evil.example/a',
    'https://user@cdn.discordapp.com/a',
    'https://:secret@cdn.discordapp.com/a',
    'https://cdn.discordapp.com.evil.example/a',
    'https://evil.example/cdn.discordapp.com',
    'https://evil.example\\@cdn.discordapp.com/a',
    'https://evil.example#@cdn.discordapp.com/a',
    'https://evil-cdn.discordapp.com/a',
    'https://discordapp.com/a',
    'https://cdn.dіscordapp.com/a',
    'https://127.0.0.1/a',
    'https://2130706433/a',
    'https://0x7f.1/a',
    'https://[::1]/a',
    'https://[::ffff:127.0.0.1]/a',
    'blob:https://cdn.discordapp.com/a',
    'data:image/png;base64,AAAA',
    'file:///etc/passwd',
    'ftp://cdn.discordapp.com/a',
    '//cdn.discordapp.com/a',
    'cdn.discordapp.com/a',
    '',
  ])('is not allowed anywhere else: %s', (address) => {
    expect(isAllowed(address, defaultOrigins)).toBe(false);
  });

  it('is allowed by address and port, however the number is written', () => {
    const origins = parseOrigins('http://127.0.0.1:4000');
    expect(isAllowed('http://127.0.0.1:4000/a', origins)).toBe(true);
    expect(isAllowed('http://2130706433:4000/a', origins)).toBe(true);
    for (const address of ['http://127.0.0.1/a', 'http://127.0.0.1:40000/a', 'https://127.0.0.1:4000/a']) {
      expect(isAllowed(address, origins)).toBe(false);
    }
  });
});
