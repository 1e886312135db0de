import { useEffect, useRef, useState } from 'preact/hooks';
import type { AttachmentView } from '../../src/playground/wire.js';
import { attachmentIsSpoiler } from './discord-numbers.js';
import { usePage } from './store.js';

interface PictureProps {
  readonly url: string;
  readonly alt: string | null | undefined;
  readonly name: string;
  readonly width?: number | null | undefined;
  readonly height?: number | null | undefined;
  readonly isSpoiler?: boolean | undefined;
  /** Whether it is one of several, which are shown as equal squares. */
  readonly isTile?: boolean | undefined;
}

/** A picture that opens large at a click; a spoiler is to be uncovered first. */
export function Picture({ url, alt, name, width, height, isSpoiler = false, isTile = false }: PictureProps) {
  const { words } = usePage();
  const [isCovered, setCovered] = useState(isSpoiler);
  const [isLarge, setLarge] = useState(false);
  const text = alt ?? words.picture;
  return (
    <div class={`picture${isTile ? ' tile' : ''}${isCovered ? ' covered' : ''}`}>
      <button
        type="button"
        class="picture-button"
        aria-label={isCovered ? words.showSpoiler : words.openPicture(text)}
        onClick={() => (isCovered ? setCovered(false) : setLarge(true))}
      >
        <img src={url} alt={isCovered ? '' : text} width={width ?? undefined} height={height ?? undefined} />
        {isCovered && <span class="spoiler-mark">{words.spoiler}</span>}
      </button>
      {alt && !isCovered && !isTile && <AltText text={alt} />}
      {isLarge && <Lightbox url={url} alt={text} name={name} onClose={() => setLarge(false)} />}
    </div>
  );
}

/** The mark of a picture that has an alt text, which shows the text. */
function AltText({ text }: { readonly text: string }) {
  const { words } = usePage();
  return (
    <details class="alt-text">
      <summary>{words.alt}</summary>
      <p>{text}</p>
    </details>
  );
}

interface LightboxProps {
  readonly url: string;
  readonly alt: string;
  readonly name: string;
  readonly onClose: () => void;
}

function Lightbox({ url, alt, name, onClose }: LightboxProps) {
  const { words } = usePage();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="lightbox" aria-label={alt} onClose={onClose}>
      <img src={url} alt={alt} />
      <div class="lightbox-bar">
        <span class="lightbox-alt">{alt}</span>
        <a href={url} download={name} class="button secondary">
          {words.save}
        </a>
        <button type="button" class="button secondary" onClick={() => dialog.current?.close()}>
          {words.close}
        </button>
      </div>
    </dialog>
  );
}

/** The files of a message: pictures side by side, others as something to save. */
export function Attachments({ attachments }: { readonly attachments: readonly AttachmentView[] }) {
  const pictures = attachments.filter(({ content_type }) => content_type?.startsWith('image/'));
  const others = attachments.filter((attachment) => !pictures.includes(attachment));
  return (
    <>
      {pictures.length > 0 && (
        <div class="pictures">
          {pictures.map(({ id, url, description, filename, width, height, flags = 0 }) => (
            <Picture
              key={id}
              url={url}
              alt={description}
              name={filename}
              width={width}
              height={height}
              isSpoiler={(flags & attachmentIsSpoiler) !== 0}
            />
          ))}
        </div>
      )}
      {others.map(({ id, url, filename, size }) => (
        <a key={id} href={url} download={filename} class="file">
          {filename} ({Math.ceil(size / 1024)} KiB)
        </a>
      ))}
    </>
  );
}
