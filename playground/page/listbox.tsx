import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export interface ListEntry {
  readonly key: string;
  readonly label: ComponentChildren;
  readonly detail?: ComponentChildren;
  readonly isChosen?: boolean | undefined;
}

interface ListboxProps {
  readonly id: string;
  readonly label: string;
  readonly entries: readonly ListEntry[];
  /** Number of the entry that Enter would choose. */
  readonly active: number;
  readonly isMultiple?: boolean | undefined;
  readonly onChoose: (index: number) => void;
}

/** Returns the id of an entry, by which the field that controls the list names the active one. */
export function entryId(listId: string, index: number): string {
  return `${listId}-${index}`;
}

/** Returns the entry that a key leads to; undefined for other keys. */
export function movedBy(key: string, active: number, count: number): number | undefined {
  if (count === 0) return undefined;
  if (key === 'ArrowDown') return (active + 1) % count;
  if (key === 'ArrowUp') return (active + count - 1) % count;
  return undefined;
}

/** A list to choose from. The focus stays in the field that controls it. */
export function Listbox({ id, label, entries, active, isMultiple = false, onChoose }: ListboxProps) {
  const list = useRef<HTMLDivElement>(null);
  // Drawn anew, the list must show the active entry, which the keyboard may have led out of sight.
  useEffect(() => {
    list.current?.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div ref={list} id={id} role="listbox" aria-label={label} aria-multiselectable={isMultiple} class="listbox">
      {entries.map(({ key, label: text, detail, isChosen }, index) => (
        // The field that controls the list hears the keyboard.
        // biome-ignore lint/a11y/useKeyWithClickEvents: see above
        <div
          key={key}
          id={entryId(id, index)}
          role="option"
          tabIndex={-1}
          aria-selected={isChosen ?? index === active}
          data-active={index === active ? '' : undefined}
          class="entry"
          // The field would lose the focus before the click.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(index)}
        >
          <span class="entry-label">{text}</span>
          {detail !== undefined && <span class="entry-detail">{detail}</span>}
        </div>
      ))}
    </div>
  );
}
