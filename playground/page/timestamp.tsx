import { useEffect, useMemo, useState } from 'preact/hooks';
import { usePage } from './store.js';

const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** Returns a time in words that say how far it is from now: "in 7 seconds". */
export function fromNow(seconds: number, nowMs: number, language: string): string {
  const left = Math.round(seconds - nowMs / 1000);
  const [unit, length] = units.find(([, unitLength]) => Math.abs(left) >= unitLength) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(language).format(Math.trunc(left / length), unit);
}

/** A moment, as Discord's Markdown names it; a relative one counts down. */
export function Timestamp({ seconds, style }: { readonly seconds: number; readonly style: string }) {
  const { me } = usePage();
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (style !== 'R') return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [style]);
  const [moment, whole] = useMemo(() => {
    const date = new Date(seconds * 1000);
    return [date.toISOString(), date.toLocaleString(me.language, { dateStyle: 'long', timeStyle: 'short' })];
  }, [seconds, me.language]);
  return (
    <time dateTime={moment} title={whole} class="timestamp">
      {style === 'R' ? fromNow(seconds, now, me.language) : whole}
    </time>
  );
}
