import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { ComponentView, MessageView } from '../../src/playground/wire.js';
import { buttonStyles, componentType, linkStyle } from './discord-numbers.js';
import { Markdown } from './markdown.js';
import { Picture } from './picture.js';
import { Select } from './select.js';
import { usePage } from './store.js';

interface ComponentProps {
  readonly component: ComponentView;
  readonly message: MessageView;
}

export function Components({ message }: { readonly message: MessageView }) {
  return (
    <>
      {message.body.components.map((component, index) => (
        <Component key={component.id ?? index} component={component} message={message} />
      ))}
    </>
  );
}

/** Draws any component of a message. */
function Component({ component, message }: ComponentProps) {
  const { words } = usePage();
  const inner = (components: readonly ComponentView[] = []) =>
    components.map((each, index) => <Component key={each.id ?? index} component={each} message={message} />);
  switch (component.type) {
    case componentType.row:
      return <div class="row">{inner(component.components)}</div>;
    case componentType.button:
      return <Button component={component} message={message} />;
    case componentType.stringSelect:
      return <Menu component={component} message={message} />;
    case componentType.text:
      return <Markdown text={component.content ?? ''} />;
    case componentType.section:
      return (
        <div class="section">
          <div class="section-text">{inner(component.components)}</div>
          {component.accessory && <Component component={component.accessory} message={message} />}
        </div>
      );
    case componentType.thumbnail:
      return (
        <div class="thumbnail">
          <Picture
            url={component.media?.url ?? ''}
            alt={component.description}
            name={fileNameIn(component.media?.url ?? '')}
            isSpoiler={component.spoiler}
            isTile
          />
        </div>
      );
    case componentType.gallery:
      return (
        <div class="pictures gallery">
          {component.items?.map(({ media, description, spoiler }) => (
            <Picture
              key={media.url}
              url={media.url}
              alt={description}
              name={fileNameIn(media.url)}
              width={media.width}
              height={media.height}
              isSpoiler={spoiler}
            />
          ))}
        </div>
      );
    case componentType.file:
      return (
        <Hidden isSpoiler={component.spoiler}>
          <a href={component.file?.url ?? ''} download class="file">
            {component.name}
          </a>
        </Hidden>
      );
    case componentType.separator:
      return <hr class={component.divider === false ? 'gap' : ''} />;
    case componentType.container:
      return (
        <Hidden isSpoiler={component.spoiler}>
          <div class="container">
            {typeof component.accent_color === 'number' && <Accent color={component.accent_color} />}
            {inner(component.components)}
          </div>
        </Hidden>
      );
    default:
      return <p class="small-print">{words.unknownComponent}</p>;
  }
}

/** Returns the name under which the picture at an address is saved. */
function fileNameIn(url: string): string {
  return new URL(url, location.href).pathname.split('/').at(-1) || 'picture';
}

/** The bar of a container. The page's policy allows no styles in attributes, and SVG's own are none. */
function Accent({ color }: { readonly color: number }) {
  return (
    <svg class="accent" aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 1 1">
      <rect width="1" height="1" fill={`#${color.toString(16).padStart(6, '0')}`} />
    </svg>
  );
}

/** What is to be uncovered by a click, if it is a spoiler. */
function Hidden({
  isSpoiler,
  children,
}: {
  readonly isSpoiler: boolean | undefined;
  readonly children: ComponentChildren;
}) {
  const { words } = usePage();
  const [isCovered, setCovered] = useState(isSpoiler === true);
  if (!isCovered) return <>{children}</>;
  return (
    <button type="button" class="button secondary" aria-label={words.showSpoiler} onClick={() => setCovered(false)}>
      {words.spoiler}
    </button>
  );
}

function Button({ component, message }: ComponentProps) {
  const { store } = usePage();
  const [isBusy, setBusy] = useState(false);
  const { label = '', style = 2, custom_id, disabled = false, url = '' } = component;
  if (style === linkStyle) {
    return (
      <a class="button link" href={url} target="_blank" rel="noreferrer">
        {label}
      </a>
    );
  }
  const press = async () => {
    if (isBusy) return;
    setBusy(true);
    await store.perform({ do: 'click', message: message.body.id, button: custom_id ?? '' });
    setBusy(false);
  };
  return (
    <button
      type="button"
      class={`button ${buttonStyles[style] ?? 'secondary'}`}
      disabled={disabled}
      aria-busy={isBusy}
      onClick={() => void press()}
    >
      {label}
    </button>
  );
}

function Menu({ component, message }: ComponentProps) {
  const { store, words } = usePage();
  const { options = [], placeholder, custom_id = '', min_values, max_values, disabled } = component;
  const [chosen, setChosen] = useState(options.filter((option) => option.default).map(({ value }) => value));
  const choose = (values: readonly string[]) => {
    setChosen([...values]);
    if (values.length >= (min_values ?? 1)) {
      void store.perform({ do: 'select', message: message.body.id, menu: custom_id, values });
    }
  };
  return (
    <Select
      options={options}
      chosen={chosen}
      label={placeholder ?? words.select}
      placeholder={placeholder}
      least={min_values}
      most={max_values}
      isDisabled={disabled}
      onChoose={choose}
    />
  );
}
