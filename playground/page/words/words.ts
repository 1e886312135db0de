import type { PersonLanguage } from '../../../src/playground/wire.js';
import { english, type Words } from './english.js';
import { german } from './german.js';

/** The page's texts by language. */
export const words: Readonly<Record<PersonLanguage, Words>> = { 'en-US': english, de: german };
