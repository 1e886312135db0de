import { useId, useRef, useState } from 'preact/hooks';
import type { SelectOptionView } from '../../src/playground/wire.js';
import { entryId, Listbox, movedBy } from './listbox.js';
import { usePage } from './store.js';

interface SelectProps {
  readonly options: readonly SelectOptionView[];
  readonly chosen: readonly string[];
  readonly label: string;
  readonly placeholder?: string | undefined;
  readonly least?: number | undefined;
  readonly most?: number | undefined;
  readonly isDisabled?: boolean | undefined;
  readonly onChoose: (values: readonly string[]) => void;
}

/** A select menu, in messages and modals: a button that opens a list. With `most` above 1 it stays open. */
export function Select({
  options,
  chosen,
  label,
  placeholder,
  least = 1,
  most = 1,
  isDisabled,
  onChoose,
}: SelectProps) {
  const { words } = usePage();
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const isMultiple = most > 1;
  const shown = options.filter(({ value }) => chosen.includes(value));

  const open = () => {
    setActive(
      Math.max(
        0,
        options.findIndex(({ value }) => chosen.includes(value)),
      ),
    );
    setOpen(true);
  };
  const choose = (index: number) => {
    const value = options[index]?.value;
    if (value === undefined) return;
    const isChosen = chosen.includes(value);
    if (isMultiple) {
      const next = isChosen ? chosen.filter((other) => other !== value) : [...chosen, value];
      if (next.length <= most) onChoose(next);
      return;
    }
    setOpen(false);
    button.current?.focus();
    onChoose(isChosen && least === 0 ? [] : [value]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen) {
      if (['ArrowDown', 'ArrowUp', 'Enter', ' '].includes(event.key)) {
        event.preventDefault();
        open();
      }
      return;
    }
    const moved = movedBy(event.key, active, options.length);
    if (moved !== undefined) setActive(moved);
    else if (event.key === 'Enter' || event.key === ' ') choose(active);
    else if (event.key === 'Escape' || event.key === 'Tab') setOpen(false);
    else return;
    if (event.key === 'Tab') return;
    event.preventDefault();
    // Escape would close the modal, too, that the menu may be in.
    event.stopPropagation();
  };

  return (
    <div class="select">
      <button
        ref={button}
        type="button"
        role="combobox"
        class="select-button"
        aria-label={label}
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        aria-controls={id}
        aria-activedescendant={isOpen ? entryId(id, active) : undefined}
        disabled={isDisabled}
        onClick={() => (isOpen ? setOpen(false) : open())}
        onKeyDown={onKeyDown}
        onBlur={() => setOpen(false)}
      >
        {shown.length > 0 ? (
          <span>{shown.map((option) => option.label).join(', ')}</span>
        ) : (
          <span class="placeholder">{placeholder ?? words.select}</span>
        )}
      </button>
      {isOpen && (
        <Listbox
          id={id}
          label={label}
          active={active}
          isMultiple={isMultiple}
          entries={options.map(({ value, label: text, description }) => ({
            key: value,
            label: text,
            detail: description,
            isChosen: chosen.includes(value),
          }))}
          onChoose={choose}
        />
      )}
    </div>
  );
}
