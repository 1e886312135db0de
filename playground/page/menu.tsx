import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

export interface MenuEntry {
  readonly label: string;
  readonly isDangerous?: boolean;
  readonly onChoose: () => void;
}

export interface MenuGroup {
  readonly title?: string;
  readonly entries: readonly MenuEntry[];
}

/** Where a menu opens: at a point of the window. */
interface Point {
  readonly x: number;
  readonly y: number;
}

interface MenuOpener {
  /** Opens the menu where the pointer is. */
  readonly onContextMenu: (event: MouseEvent) => void;
  readonly button: ComponentChildren;
  readonly menu: ComponentChildren;
}

/**
 * Returns a context menu: what opens it by a right click, a button that opens it, too, and the menu itself.
 * @param groups - returns what is in it; called when it opens.
 */
export function useMenu(label: string, groups: () => readonly MenuGroup[]): MenuOpener {
  const [point, setPoint] = useState<Point>();
  const button = useRef<HTMLButtonElement>(null);
  const openAtButton = () => {
    const box = button.current?.getBoundingClientRect();
    setPoint(box && { x: box.left, y: box.bottom });
  };
  return {
    onContextMenu: (event) => {
      // The menu of the browser stays there for links, pictures and texts that are selected.
      if (event.target instanceof Element && event.target.closest('a, input, textarea, dialog')) return;
      event.preventDefault();
      event.stopPropagation();
      setPoint({ x: event.clientX, y: event.clientY });
    },
    button: (
      <button
        ref={button}
        type="button"
        class="menu-button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={point !== undefined}
        onClick={() => (point ? setPoint(undefined) : openAtButton())}
      >
        <span aria-hidden="true">⋯</span>
      </button>
    ),
    menu: point && (
      <Menu
        label={label}
        groups={groups()}
        point={point}
        onClose={() => {
          setPoint(undefined);
          button.current?.focus();
        }}
      />
    ),
  };
}

interface MenuProps {
  readonly label: string;
  readonly groups: readonly MenuGroup[];
  readonly point: Point;
  readonly onClose: () => void;
}

const margin = 8;

function Menu({ label, groups, point, onClose }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = menu.current;
    if (!element) return;
    // It must not stand out of the window.
    const { width, height } = element.getBoundingClientRect();
    element.style.left = `${Math.max(margin, Math.min(point.x, window.innerWidth - width - margin))}px`;
    element.style.top = `${Math.max(margin, Math.min(point.y, window.innerHeight - height - margin))}px`;
    items(element)[0]?.focus();
  }, [point]);
  const onKeyDown = (event: KeyboardEvent) => {
    const all = items(menu.current);
    const at = all.findIndex((item) => item.contains(document.activeElement));
    const steps: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    const next = steps[event.key];
    if (next !== undefined) all.at(next % all.length)?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onBlur = (event: FocusEvent) => {
    const { relatedTarget } = event;
    if (!(relatedTarget instanceof Node && menu.current?.contains(relatedTarget))) onClose();
  };
  return (
    <div ref={menu} role="menu" tabIndex={-1} aria-label={label} class="menu" onKeyDown={onKeyDown} onBlur={onBlur}>
      {groups.map(({ title, entries }) => (
        // biome-ignore lint/a11y/useSemanticElements: a group of a menu is no set of fields
        <div key={title} role="group" aria-label={title} class="menu-group">
          {title !== undefined && (
            <p class="menu-title" aria-hidden="true">
              {title}
            </p>
          )}
          {entries.map(({ label: text, isDangerous, onChoose }) => (
            <button
              key={text}
              type="button"
              role="menuitem"
              tabIndex={-1}
              class={`menu-item${isDangerous ? ' danger' : ''}`}
              // Safari gives a button no focus by a click, and the menu would close before it is heard.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => {
                onClose();
                onChoose();
              }}
            >
              {text}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}

function items(menu: HTMLElement | null): readonly HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
}
